-- what happened to events in this run, once
MERGE INTO event_changes AS t
USING (SELECT DISTINCT * FROM staged_event_changes) AS s
ON t.run_id = $run_id AND t.event_id = s.event_id AND t.kind = s.kind AND t.detail = s.detail
    AND t.document_id = s.document_id
WHEN NOT MATCHED THEN INSERT (event_id, kind, detail, document_id, recorded_at, run_id)
    VALUES (s.event_id, s.kind, s.detail, s.document_id, $at, $run_id);
