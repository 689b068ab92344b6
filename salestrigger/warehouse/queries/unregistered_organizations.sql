-- organisations that only one's own lists tell of
SELECT coalesce(o.merged_into_id, l.organization_id) AS organization_id
FROM organization_links AS l
JOIN organizations AS o ON o.organization_id = l.organization_id
JOIN org_records AS r ON r.record_id = l.record_id
WHERE l.unlinked_at IS NULL
GROUP BY 1
HAVING bool_and(r.scheme = 'ACCOUNT')
ORDER BY 1;
