SELECT l.record_id, coalesce(o.merged_into_id, l.organization_id) AS organization_id, l.basis, l.probability
FROM organization_links AS l
JOIN organizations AS o ON o.organization_id = l.organization_id
WHERE l.unlinked_at IS NULL AND l.record_id = $record_id;
