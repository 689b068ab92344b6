MERGE INTO source_runs AS t
USING staged_source_run AS s ON t.run_id = $run_id AND t.source_id = s.source_id
WHEN MATCHED THEN UPDATE SET status = s.status, reason = s.reason, started_at = s.started_at,
    duration_seconds = s.duration_seconds, request_count = s.request_count, received_bytes = s.received_bytes,
    document_count = s.document_count, new_document_count = s.new_document_count,
    edited_document_count = s.edited_document_count, set_aside_count = s.set_aside_count,
    record_count = s.record_count, changed_record_count = s.changed_record_count, change_count = s.change_count,
    new_change_count = s.new_change_count, removed_count = s.removed_count, notes = s.notes
WHEN NOT MATCHED THEN INSERT (run_id, source_id, status, reason, started_at, duration_seconds, request_count,
        received_bytes, document_count, new_document_count, edited_document_count, set_aside_count, record_count,
        changed_record_count, change_count, new_change_count, removed_count, notes)
    VALUES ($run_id, s.source_id, s.status, s.reason, s.started_at, s.duration_seconds, s.request_count,
        s.received_bytes, s.document_count, s.new_document_count, s.edited_document_count, s.set_aside_count,
        s.record_count, s.changed_record_count, s.change_count, s.new_change_count, s.removed_count, s.notes);
