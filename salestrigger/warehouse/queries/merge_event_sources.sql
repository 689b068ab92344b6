-- the sources of the staged events, exactly
MERGE INTO event_sources AS t
USING (SELECT * FROM staged_event_sources
       QUALIFY row_number() OVER (PARTITION BY event_id, position ORDER BY event_id) = 1) AS s
ON t.event_id = s.event_id AND t.position = s.position
WHEN MATCHED AND (t.document_id, t.url, t.title, t.source_id, t.publisher, t.published_at, t.quote,
                  t.copy_group, t.modality)
    IS DISTINCT FROM (s.document_id, s.url, s.title, s.source_id, s.publisher, s.published_at, s.quote,
                      s.copy_group, s.modality)
    THEN UPDATE SET document_id = s.document_id, url = s.url, title = s.title, source_id = s.source_id, publisher =
        s.publisher, published_at = s.published_at, quote = s.quote, copy_group = s.copy_group, modality
        = s.modality
WHEN NOT MATCHED BY SOURCE AND t.event_id IN (SELECT event_id FROM staged_events) THEN DELETE
WHEN NOT MATCHED THEN INSERT (event_id, position, document_id, url, title, source_id, publisher, published_at, quote, copy_group,
        modality)
    VALUES (s.event_id, s.position, s.document_id, s.url, s.title, s.source_id, s.publisher, s.published_at,
        s.quote, s.copy_group, s.modality);
