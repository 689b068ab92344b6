-- of the staged documents: not seen before, and seen before with another text
SELECT count(*) FILTER (d.document_id IS NULL) AS new_count,
       count(*) FILTER (d.document_id IS NOT NULL AND d.content_hash <> s.content_hash) AS edited_count
FROM (SELECT * FROM staged_documents QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY position) = 1) AS s
LEFT JOIN documents AS d ON d.document_id = s.document_id;
