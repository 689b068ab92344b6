-- facts that events state, where the event says something else than it did
INSERT INTO facts (fact_number, organization_id, record_id, attribute, value, value_type, valid_from_on, known_from_at,
                   source_id, confidence, cause_id, run_id, run_number)
WITH last AS (
    SELECT f.* FROM facts AS f
    SEMI JOIN staged_facts AS s ON s.cause_id = f.cause_id
    WHERE f.record_id IS NULL
    QUALIFY row_number() OVER (
        PARTITION BY f.organization_id, f.attribute, f.cause_id ORDER BY f.fact_number DESC
    ) = 1
),
stated AS (
    SELECT * FROM staged_facts
    QUALIFY row_number() OVER (PARTITION BY organization_id, attribute, cause_id ORDER BY value) = 1
)
SELECT (SELECT coalesce(max(fact_number), 0) FROM facts)
           + row_number() OVER (ORDER BY s.organization_id, s.cause_id, s.attribute),
       s.organization_id, NULL, s.attribute, s.value::JSON, s.value_type, s.valid_from_on, s.known_from_at, s.source_id,
       s.confidence, s.cause_id, $run_id, $run_number
FROM stated AS s
LEFT JOIN last AS l
    ON l.organization_id = s.organization_id AND l.attribute = s.attribute AND l.cause_id = s.cause_id
WHERE l.value::VARCHAR IS DISTINCT FROM s.value;
