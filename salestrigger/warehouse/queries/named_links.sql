-- organisations of stored records that name one of the staged ids as another number of theirs
SELECT n.full_id, min(coalesce(o.merged_into_id, l.organization_id)) AS organization_id
FROM org_identifiers AS n
SEMI JOIN staged_ids AS i ON i.record_id = n.full_id
JOIN organization_links AS l ON l.record_id = n.record_id AND l.unlinked_at IS NULL
JOIN organizations AS o ON o.organization_id = l.organization_id
WHERE NOT n.is_own
GROUP BY n.full_id
ORDER BY n.full_id;
