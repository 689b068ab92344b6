INSERT INTO organizations (organization_id, first_seen_at, first_run_id, run_number)
SELECT DISTINCT j.organization_id, $at, $run_id, $run_number FROM staged_joins AS j
WHERE j.organization_id NOT IN (SELECT organization_id FROM organizations);
