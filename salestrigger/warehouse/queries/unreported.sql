-- trigger versions in the outbox that nobody was told yet
SELECT o.trigger_id, o.version_number, o.profile, o.queued_at
FROM outbox AS o
ANTI JOIN reported_triggers AS r ON r.trigger_id = o.trigger_id AND r.version_number = o.version_number
WHERE $profile::VARCHAR IS NULL OR o.profile = $profile::VARCHAR
ORDER BY o.queued_at, o.trigger_id, o.version_number;
