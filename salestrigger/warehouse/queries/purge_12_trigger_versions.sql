DELETE FROM trigger_versions WHERE trigger_id IN (
    SELECT trigger_id FROM triggers
    WHERE organization_id IN (SELECT organization_id FROM staged_gone)
       OR event_id IN (SELECT event_id FROM staged_gone_events)
       OR change_id IN (SELECT c.change_id FROM org_changes AS c SEMI JOIN staged_removed AS r ON r.record_id = c.record_id)
);
