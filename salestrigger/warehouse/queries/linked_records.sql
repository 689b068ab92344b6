-- every record with its organisation; when restricted, of the staged organisations only
SELECT coalesce(o.merged_into_id, l.organization_id) AS organization_id, r.*
FROM org_records AS r
JOIN organization_links AS l ON l.record_id = r.record_id AND l.unlinked_at IS NULL
JOIN organizations AS o ON o.organization_id = l.organization_id
WHERE NOT $is_restricted OR coalesce(o.merged_into_id, l.organization_id) IN (
    SELECT organization_id FROM staged_organizations)
ORDER BY 1, r.record_id;
