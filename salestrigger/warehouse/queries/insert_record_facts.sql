-- facts of the staged records that differ from the last one of the same record and attribute, and, with no value,
-- attributes that a staged record no longer states
INSERT INTO facts (fact_number, organization_id, record_id, attribute, value, value_type, valid_from_on, known_from_at,
                   source_id, confidence, cause_id, run_id, run_number)
WITH last AS (
    SELECT f.* FROM facts AS f
    SEMI JOIN staged_ids AS i ON i.record_id = f.record_id
    QUALIFY row_number() OVER (PARTITION BY f.record_id, f.attribute ORDER BY f.fact_number DESC) = 1
),
stated AS (
    SELECT * FROM staged_facts
    QUALIFY row_number() OVER (PARTITION BY record_id, attribute ORDER BY value) = 1
),
differing AS (
    SELECT s.organization_id, s.record_id, s.attribute, s.value::JSON AS value, s.value_type, s.valid_from_on,
           s.known_from_at, s.source_id, s.confidence, s.cause_id
    FROM stated AS s
    LEFT JOIN last AS l ON l.record_id = s.record_id AND l.attribute = s.attribute
    WHERE l.value::VARCHAR IS DISTINCT FROM s.value
    UNION ALL
    SELECT l.organization_id, l.record_id, l.attribute, NULL, l.value_type, NULL, coalesce(r.known_from_at, $at),
           l.source_id, 1.0, ''
    FROM last AS l
    LEFT JOIN (SELECT record_id, max(known_from_at) AS known_from_at FROM staged_facts GROUP BY record_id) AS r
        ON r.record_id = l.record_id
    ANTI JOIN stated AS s ON s.record_id = l.record_id AND s.attribute = l.attribute
    WHERE l.value IS NOT NULL
)
SELECT (SELECT coalesce(max(fact_number), 0) FROM facts) + row_number() OVER (ORDER BY record_id, attribute),
       organization_id, record_id, attribute, value, value_type, valid_from_on, known_from_at, source_id, confidence,
       cause_id, $run_id, $run_number
FROM differing;
