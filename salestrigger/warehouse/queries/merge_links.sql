MERGE INTO organization_links AS t
USING (SELECT * FROM staged_links
       QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY organization_id) = 1) AS s
ON t.record_id = s.record_id AND t.unlinked_at IS NULL
WHEN NOT MATCHED THEN INSERT (record_id, organization_id, basis, probability, linked_at, run_id)
    VALUES (s.record_id, s.organization_id, s.basis, s.probability, $at, $run_id);
