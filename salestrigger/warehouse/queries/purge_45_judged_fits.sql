DELETE FROM fits WHERE organization_id IN (SELECT organization_id FROM staged_organizations);
