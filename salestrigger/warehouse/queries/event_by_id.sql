SELECT e.event_id, e.type, e.modality, e.confidence, e.language, e.event_on, e.effective_on, e.evidence, e.merged_into_id
FROM events AS e WHERE e.event_id = $event_id;
