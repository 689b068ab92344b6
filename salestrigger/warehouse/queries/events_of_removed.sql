-- events that nothing but changes of the removed records tells of
SELECT s.event_id
FROM event_sources AS s
LEFT JOIN org_changes AS c
    ON c.change_id = s.document_id AND c.record_id IN (SELECT record_id FROM staged_removed)
GROUP BY s.event_id
HAVING bool_and(c.change_id IS NOT NULL)
ORDER BY s.event_id;
