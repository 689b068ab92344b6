DELETE FROM event_changes WHERE event_id IN (SELECT event_id FROM staged_gone_events);
