SELECT trigger_id, company, profile, role, effect, cause, held_back, verdict, rank
FROM trigger_history WHERE is_latest AND event_id = $event_id
ORDER BY profile, rank DESC, trigger_id;
