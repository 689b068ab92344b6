-- a change is stored once, as first published
MERGE INTO org_changes AS t
USING (SELECT * FROM staged_changes
       QUALIFY row_number() OVER (PARTITION BY change_id ORDER BY position) = 1) AS s
ON t.change_id = s.change_id
WHEN NOT MATCHED THEN INSERT (change_id, record_id, field, before_value, after_value, effective_on, published_at,
        source_id, url, details, state, expires_on, first_run_id)
    VALUES (s.change_id, s.record_id, s.field, s.before_value, s.after_value, s.effective_on, s.published_at,
        s.source_id, s.url, s.details, 'pending', s.expires_on, $run_id);
