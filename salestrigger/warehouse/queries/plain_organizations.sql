-- of the staged organisations those that one record tells everything of: no other record, no event, nobody merged in
SELECT l.organization_id, any_value(l.record_id) AS record_id
FROM organization_links AS l
JOIN organizations AS o ON o.organization_id = l.organization_id AND o.merged_into_id IS NULL
WHERE l.unlinked_at IS NULL AND l.organization_id IN (SELECT organization_id FROM staged_organizations)
    AND l.organization_id NOT IN (SELECT merged_into_id FROM organizations WHERE merged_into_id IS NOT NULL)
    AND l.organization_id NOT IN (SELECT organization_id FROM facts WHERE record_id IS NULL)
    AND l.record_id NOT IN (SELECT record_id FROM organization_names WHERE NOT is_current)
GROUP BY l.organization_id
HAVING count(*) = 1
ORDER BY 1;
