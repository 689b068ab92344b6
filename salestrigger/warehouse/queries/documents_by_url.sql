SELECT d.document_id, d.source_id, s.title AS source_title, d.url, d.title, d.language, d.published_at, d.fetched_at,
       d.state, d.outcome, d.first_seen_at
FROM documents AS d LEFT JOIN sources AS s ON s.source_id = d.source_id
WHERE d.url IN ($url, $canonical) OR d.document_key = $url
ORDER BY d.first_seen_at, d.document_id;
