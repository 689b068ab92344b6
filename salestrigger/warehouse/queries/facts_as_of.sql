-- what each record (and each event) of the staged organisations stated of a day, as far as it was known after the given
-- run: its last word of those that were true by then. A word without a day of its own is true since it was known; the
-- first one of a record, as far as anybody knows, always.
WITH wanted AS (
    SELECT organization_id FROM organizations
    WHERE coalesce(merged_into_id, organization_id) IN (SELECT organization_id FROM staged_organizations)
),
wanted_records AS (
    SELECT record_id FROM organization_links
    WHERE unlinked_at IS NULL AND organization_id IN (SELECT organization_id FROM wanted)
),
said AS (
    SELECT f.*, coalesce(record_id, organization_id || cause_id) AS said_by
    FROM facts AS f
    WHERE run_number <= $run_number
        AND (record_id IN (SELECT record_id FROM wanted_records)
             OR organization_id IN (SELECT organization_id FROM wanted))
),
dated AS (
    SELECT *, max(known_from_at) OVER (PARTITION BY said_by) AS told_at,
           row_number() OVER (PARTITION BY said_by, attribute ORDER BY fact_number) AS position
    FROM said
)
SELECT coalesce(o.merged_into_id, l.organization_id, f.organization_id) AS organization_id, f.attribute,
       f.value::VARCHAR AS value, f.value_type, f.valid_from_on, f.source_id, f.confidence, f.cause_id,
       CASE WHEN f.record_id IS NULL THEN f.known_from_at ELSE f.told_at END AS known_from_at
FROM (
    SELECT * FROM dated
    WHERE CASE WHEN valid_from_on IS NOT NULL THEN valid_from_on <= $on
               ELSE position = 1 OR known_from_at::DATE <= $on END
    QUALIFY row_number() OVER (PARTITION BY said_by, attribute ORDER BY fact_number DESC) = 1
) AS f
LEFT JOIN organization_links AS l ON l.record_id = f.record_id AND l.unlinked_at IS NULL
LEFT JOIN organizations AS o ON o.organization_id = coalesce(l.organization_id, f.organization_id)
WHERE coalesce(o.merged_into_id, l.organization_id, f.organization_id) IN (
    SELECT organization_id FROM staged_organizations)
ORDER BY 1, f.attribute, f.source_id, f.cause_id, f.record_id;
