-- what could not be read; never over a document that once could
MERGE INTO documents AS t
USING (SELECT * FROM staged_documents
       QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY position) = 1) AS s
ON t.document_id = s.document_id
WHEN MATCHED AND t.state = 'set_aside' AND t.outcome IS DISTINCT FROM s.outcome THEN UPDATE SET outcome = s.outcome
WHEN NOT MATCHED THEN INSERT (document_id, source_id, document_key, url, title, kind, identifiers, fetched_at,
        content_hash, state, outcome, raw_ref, first_seen_at, first_run_id)
    VALUES (s.document_id, s.source_id, s.document_key, s.url, s.title, s.kind, s.identifiers, s.fetched_at,
        s.content_hash, 'set_aside', s.outcome, s.raw_ref, $at, $run_id);
