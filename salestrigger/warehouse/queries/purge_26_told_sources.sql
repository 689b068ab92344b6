DELETE FROM event_sources WHERE document_id IN (SELECT document_id FROM staged_gone_documents);
