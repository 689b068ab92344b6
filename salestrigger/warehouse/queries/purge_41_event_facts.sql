DELETE FROM facts WHERE organization_id IN (SELECT organization_id FROM staged_gone);
