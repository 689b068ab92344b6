SELECT t.trigger_id, t.event_id, t.change_id, t.organization_id, t.role, t.profile, v.* EXCLUDE (trigger_id)
FROM triggers AS t
JOIN trigger_versions AS v ON v.trigger_id = t.trigger_id
QUALIFY row_number() OVER (PARTITION BY v.trigger_id ORDER BY v.version_number DESC) = 1
ORDER BY t.trigger_id;
