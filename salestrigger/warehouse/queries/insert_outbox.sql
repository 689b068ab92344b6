-- what is to be told: a trigger that is not held back, when it is new, was held back until now, means something else, or has come due
INSERT INTO outbox (trigger_id, version_number, profile, queued_at, run_id)
SELECT v.trigger_id, v.version_number, t.profile, $at, $run_id
FROM trigger_versions AS v
JOIN triggers AS t ON t.trigger_id = v.trigger_id
LEFT JOIN trigger_versions AS p ON p.trigger_id = v.trigger_id AND p.version_number = v.version_number - 1
ANTI JOIN outbox AS o ON o.trigger_id = v.trigger_id AND o.version_number = v.version_number
WHERE v.run_id = $run_id
  AND v.effect <> 'none'
  AND v.held_back = ''
  AND (p.trigger_id IS NULL OR p.held_back <> '' OR p.effect <> v.effect
       OR (v.due_on IS NOT NULL AND v.due_on IS DISTINCT FROM p.due_on));
