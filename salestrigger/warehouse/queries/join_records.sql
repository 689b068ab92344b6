-- every record of the staged organisations
SELECT l.record_id, coalesce(o.merged_into_id, l.organization_id) AS organization_id
FROM organization_links AS l
JOIN organizations AS o ON o.organization_id = l.organization_id
WHERE l.unlinked_at IS NULL AND coalesce(o.merged_into_id, l.organization_id) IN (
    SELECT organization_id FROM staged_organizations)
ORDER BY l.record_id;
