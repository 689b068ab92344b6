UPDATE organizations SET merged_into_id = NULL
WHERE organization_id IN (SELECT organization_id FROM staged_joins);
