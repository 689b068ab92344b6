DELETE FROM fit_changes WHERE organization_id IN (SELECT organization_id FROM staged_organizations);
