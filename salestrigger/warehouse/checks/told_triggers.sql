-- only what is not held back and means something is queued to be told
SELECT o.trigger_id, o.version_number, v.effect, v.held_back
FROM outbox AS o
JOIN trigger_versions AS v ON v.trigger_id = o.trigger_id AND v.version_number = o.version_number
WHERE v.effect = 'none' OR v.held_back <> '';
