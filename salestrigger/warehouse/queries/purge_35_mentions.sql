DELETE FROM mentions WHERE document_id IN (SELECT document_id FROM staged_gone_documents);
