UPDATE organizations SET merged_into_id = NULL WHERE merged_into_id IN (SELECT organization_id FROM staged_gone);
