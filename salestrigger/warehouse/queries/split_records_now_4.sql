INSERT INTO organization_links (record_id, organization_id, basis, probability, linked_at, run_id)
SELECT record_id, organization_id, basis, probability, $at, $run_id FROM staged_joins;
