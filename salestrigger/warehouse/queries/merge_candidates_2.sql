DELETE FROM link_candidates WHERE NOT $is_run AND (
    (record_id, organization_id) IN (SELECT (record_id, organization_id) FROM staged_candidates)
    OR decision = 'review' AND record_id IN (SELECT record_id FROM staged_candidates WHERE decision = 'confirmed'));
