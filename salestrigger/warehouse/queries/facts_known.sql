-- the last word of each record (and of each event) on each attribute, as known after the given run; the facts of one
-- record share the time of its last word, because a record states all it states at once; when restricted, of the staged
-- organisations only, and then only their facts are looked at
WITH wanted AS (
    SELECT organization_id FROM organizations
    WHERE coalesce(merged_into_id, organization_id) IN (SELECT organization_id FROM staged_organizations)
),
wanted_records AS (
    SELECT record_id FROM organization_links
    WHERE unlinked_at IS NULL AND organization_id IN (SELECT organization_id FROM wanted)
)
SELECT coalesce(o.merged_into_id, l.organization_id, f.organization_id) AS organization_id, f.attribute,
       f.value::VARCHAR AS value, f.value_type, f.valid_from_on, f.source_id, f.confidence, f.cause_id,
       CASE WHEN f.record_id IS NULL THEN f.known_from_at
            ELSE max(f.known_from_at) OVER (PARTITION BY f.record_id) END AS known_from_at
FROM (
    SELECT * FROM facts
    WHERE run_number <= $run_number
        AND (NOT $is_restricted OR record_id IN (SELECT record_id FROM wanted_records)
             OR organization_id IN (SELECT organization_id FROM wanted))
    QUALIFY row_number() OVER (
        PARTITION BY record_id, CASE WHEN record_id IS NULL THEN organization_id || cause_id END, attribute
        ORDER BY fact_number DESC
    ) = 1
) AS f
LEFT JOIN organization_links AS l ON l.record_id = f.record_id AND l.unlinked_at IS NULL
LEFT JOIN organizations AS o ON o.organization_id = coalesce(l.organization_id, f.organization_id)
WHERE NOT $is_restricted OR coalesce(o.merged_into_id, l.organization_id, f.organization_id) IN (
    SELECT organization_id FROM staged_organizations)
ORDER BY 1, f.attribute, f.source_id, f.cause_id, f.record_id;
