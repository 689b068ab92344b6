UPDATE runs SET analysed_at = $at, analysed_document_count = $document_count, analysed_change_count = $change_count,
    analysed_event_count = $event_count
WHERE run_id = $run_id;
