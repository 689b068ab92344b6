SELECT record_id, name, valid_from_on, coalesce(valid_to_on, replaced_at::DATE) AS valid_to_on
FROM organization_names WHERE NOT is_current AND kind IN ('legal', 'trade', 'former')
ORDER BY record_id, valid_to_on, name;
