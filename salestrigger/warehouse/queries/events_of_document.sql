SELECT e.event_id, coalesce(e.merged_into_id, e.event_id) AS standing_id, e.type, e.modality, e.confidence, s.quote
FROM event_sources AS s JOIN events AS e ON e.event_id = s.event_id
WHERE s.document_id = $document_id
ORDER BY e.event_id;
