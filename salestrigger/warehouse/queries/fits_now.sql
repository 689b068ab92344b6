SELECT * FROM fits
QUALIFY row_number() OVER (PARTITION BY organization_id, profile ORDER BY run_number DESC) = 1
ORDER BY organization_id, profile;
