DELETE FROM event_roles WHERE event_id IN (SELECT event_id FROM staged_gone_events);
