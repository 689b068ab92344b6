-- staged records that a register holds already: one's own list may add to it, but not replace what it states
SELECT r.record_id
FROM org_records AS r
SEMI JOIN staged_records AS s ON s.record_id = r.record_id
JOIN sources AS o ON o.source_id = r.source_id
WHERE o.trust = 'register' AND $trust <> 'register'
ORDER BY r.record_id;
