DELETE FROM second_reading_differences WHERE document_id IN (SELECT document_id FROM staged_gone_documents);
