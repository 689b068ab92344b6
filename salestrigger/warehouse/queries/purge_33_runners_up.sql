UPDATE matches SET runner_up_id = NULL WHERE runner_up_id IN (SELECT organization_id FROM staged_gone);
