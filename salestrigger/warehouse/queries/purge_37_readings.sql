DELETE FROM second_readings WHERE document_id IN (SELECT document_id FROM staged_gone_documents);
