-- events that nothing but changes of the removed records and the register's documents about them tells of
SELECT event_id FROM event_sources
GROUP BY event_id
HAVING bool_and(document_id IN (SELECT document_id FROM staged_gone_documents))
ORDER BY event_id;
