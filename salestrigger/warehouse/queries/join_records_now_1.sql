UPDATE organization_links SET unlinked_at = $at
WHERE unlinked_at IS NULL AND record_id IN (SELECT record_id FROM staged_joins);
