-- the organisations that a person may mean: by id, register number with or without its scheme, or exact name
SELECT DISTINCT c.organization_id, c.name, c.city, c.country
FROM organizations_current AS c
LEFT JOIN organization_ids AS i ON i.organization_id = c.organization_id
WHERE $asked IN (c.organization_id, i.full_id, i.identifier) OR lower(c.name) = lower($asked)
ORDER BY c.name, c.organization_id
LIMIT 20;
