-- every fact of the staged organisations, in the order in which they were stored
SELECT coalesce(o.merged_into_id, l.organization_id, f.organization_id) AS organization_id, f.record_id, f.attribute,
       f.value::VARCHAR AS value, f.value_type, f.valid_from_on, f.known_from_at, f.source_id, f.confidence, f.cause_id,
       f.run_number
FROM facts AS f
LEFT JOIN organization_links AS l ON l.record_id = f.record_id AND l.unlinked_at IS NULL
LEFT JOIN organizations AS o ON o.organization_id = coalesce(l.organization_id, f.organization_id)
SEMI JOIN staged_subjects AS s ON s.organization_id = coalesce(o.merged_into_id, l.organization_id, f.organization_id)
ORDER BY f.fact_number;
