DELETE FROM link_candidates WHERE record_id IN (SELECT record_id FROM staged_removed)
    OR organization_id IN (SELECT organization_id FROM staged_gone);
