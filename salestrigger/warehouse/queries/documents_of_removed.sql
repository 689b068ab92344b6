-- what told of the removed records: their changes, and the documents by which the same register told of them
SELECT c.change_id AS document_id FROM org_changes AS c SEMI JOIN staged_removed AS r ON r.record_id = c.record_id
UNION
SELECT d.document_id FROM documents AS d
JOIN sources AS s ON s.source_id = d.source_id AND s.adapter = $adapter
JOIN staged_removed AS r
    ON list_contains(CAST(d.identifiers AS VARCHAR[]), r.record_id)
    OR ends_with(r.record_id, '-' || split_part(d.document_key, ':', 1))
ORDER BY 1;
