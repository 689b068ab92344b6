SELECT document_id, raw_ref, source_id FROM documents
WHERE state = 'pending' AND raw_ref IS NOT NULL
ORDER BY coalesce(published_at, fetched_at), document_id;
