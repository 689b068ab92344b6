INSERT INTO organizations (organization_id, first_seen_at, first_run_id, run_number)
SELECT l.organization_id, $at, $run_id, $run_number
FROM staged_links AS l
ANTI JOIN organizations AS o ON o.organization_id = l.organization_id
WHERE l.is_new;
