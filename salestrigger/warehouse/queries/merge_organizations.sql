MERGE INTO organizations AS t
USING (SELECT DISTINCT organization_id FROM staged_links WHERE is_new) AS s
ON t.organization_id = s.organization_id
WHEN NOT MATCHED THEN INSERT (organization_id, first_seen_at, first_run_id, run_number)
    VALUES (s.organization_id, $at, $run_id, $run_number);
