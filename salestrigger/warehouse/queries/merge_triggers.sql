MERGE INTO triggers AS t
USING (SELECT * FROM staged_triggers
       QUALIFY row_number() OVER (PARTITION BY trigger_id ORDER BY content_hash) = 1) AS s
ON t.trigger_id = s.trigger_id
WHEN MATCHED AND (t.role, t.event_id) IS DISTINCT FROM (s.role, s.event_id)  -- its event became another
    THEN UPDATE SET role = s.role, event_id = s.event_id
WHEN NOT MATCHED THEN INSERT (trigger_id, event_id, change_id, organization_id, role, profile, first_recorded_at,
                              first_run_id)
    VALUES (s.trigger_id, s.event_id, s.change_id, s.organization_id, s.role, s.profile, $at, $run_id);
