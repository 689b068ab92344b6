-- what the matcher says now replaces what it said before; what a person said stays, and so does what it said of records
-- that are asked only when they are new, as long as they stand alone
DELETE FROM link_candidates WHERE decision = 'review' AND $is_run AND (
    record_id LIKE 'ACCOUNT-%' OR record_id IN (SELECT record_id FROM staged_candidates)
    OR record_id NOT IN (SELECT record_id FROM organization_links WHERE basis = 'own' AND unlinked_at IS NULL));
