-- organisations that a run after the given one has minted
SELECT organization_id FROM organizations WHERE run_number > $run_number ORDER BY organization_id;
