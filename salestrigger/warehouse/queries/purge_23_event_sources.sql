DELETE FROM event_sources WHERE event_id IN (SELECT event_id FROM staged_gone_events);
