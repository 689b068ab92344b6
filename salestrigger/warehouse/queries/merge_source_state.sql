-- the cursor moves only when the collection went well
MERGE INTO source_states AS t
USING (SELECT *, status IN ('ok', 'empty', 'not_modified') AS went_well FROM staged_source_run) AS s
ON t.source_id = s.source_id
WHEN MATCHED THEN UPDATE SET
    cursor = CASE WHEN s.went_well THEN s.cursor::JSON ELSE t.cursor END,
    last_status = s.status,
    last_reason = s.reason,
    last_attempt_at = s.started_at,
    last_ok_at = CASE WHEN s.went_well THEN s.started_at ELSE t.last_ok_at END,
    failure_count = CASE WHEN s.went_well THEN 0 ELSE t.failure_count + 1 END
WHEN NOT MATCHED THEN INSERT (source_id, cursor, last_status, last_reason, last_attempt_at, last_ok_at, failure_count)
    VALUES (s.source_id, CASE WHEN s.went_well THEN s.cursor::JSON ELSE '{}'::JSON END, s.status, s.reason,
            s.started_at, CASE WHEN s.went_well THEN s.started_at END, CASE WHEN s.went_well THEN 0 ELSE 1 END);
