-- organisations that stand and have a record
SELECT DISTINCT coalesce(o.merged_into_id, l.organization_id) AS organization_id
FROM organization_links AS l
JOIN organizations AS o ON o.organization_id = l.organization_id
WHERE l.unlinked_at IS NULL
ORDER BY 1;
