-- the links that hold of the staged ids
SELECT l.record_id, coalesce(o.merged_into_id, l.organization_id) AS organization_id
FROM organization_links AS l
SEMI JOIN staged_ids AS i ON i.record_id = l.record_id
JOIN organizations AS o ON o.organization_id = l.organization_id
WHERE l.unlinked_at IS NULL
ORDER BY l.record_id;
