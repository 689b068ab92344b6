-- the fit that holds; when restricted, of the staged organisations only
SELECT * FROM fits
WHERE NOT $is_restricted OR organization_id IN (SELECT organization_id FROM staged_organizations)
QUALIFY row_number() OVER (PARTITION BY organization_id, profile ORDER BY run_number DESC) = 1
ORDER BY organization_id, profile;
