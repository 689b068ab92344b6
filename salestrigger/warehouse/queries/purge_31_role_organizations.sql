UPDATE event_roles SET organization_id = NULL, decision = 'reject', probability = 0
WHERE organization_id IN (SELECT organization_id FROM staged_gone);
