-- organisations that stand without the removed records, but were judged by what these told
SELECT DISTINCT coalesce(o.merged_into_id, o.organization_id) AS organization_id
FROM organization_links AS l
JOIN organizations AS o ON o.organization_id = l.organization_id
WHERE l.record_id IN (SELECT record_id FROM staged_removed)
    AND o.organization_id NOT IN (SELECT organization_id FROM staged_gone)
ORDER BY 1;
