-- new and edited documents become pending; one that is still pending points to its latest bundle in the raw store
MERGE INTO documents AS t
USING (SELECT * FROM staged_documents
       QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY position) = 1) AS s
ON t.document_id = s.document_id
WHEN MATCHED AND t.content_hash <> s.content_hash THEN UPDATE SET
    url = s.url, title = s.title, language = s.language, kind = s.kind, publisher = s.publisher, issuer = s.issuer,
    identifiers = s.identifiers, published_at = coalesce(t.published_at, s.published_at), edited_at = s.edited_at,
    fetched_at = s.fetched_at, content_hash = s.content_hash, state = 'pending', outcome = NULL, raw_ref = s.raw_ref,
    analysed_run_id = NULL
WHEN MATCHED AND t.state = 'pending' AND t.raw_ref IS DISTINCT FROM s.raw_ref THEN UPDATE SET raw_ref = s.raw_ref
WHEN NOT MATCHED THEN INSERT (document_id, source_id, document_key, url, title, language, kind, publisher, issuer,
        identifiers, published_at, edited_at, fetched_at, content_hash, state, raw_ref, first_seen_at, first_run_id)
    VALUES (s.document_id, s.source_id, s.document_key, s.url, s.title, s.language, s.kind, s.publisher, s.issuer,
        s.identifiers, s.published_at, s.edited_at, s.fetched_at, s.content_hash, 'pending', s.raw_ref, $at, $run_id);
