-- what a person said is not the same: the name on the list, and the organisation
SELECT r.name, c.organization_id
FROM link_candidates AS c
JOIN org_records AS r ON r.record_id = c.record_id
WHERE c.decision = 'refused'
ORDER BY r.name, c.organization_id;
