DELETE FROM organization_links WHERE record_id IN (SELECT record_id FROM staged_removed);
