-- of the staged fits those whose verdict turned to or from fitting although nothing happened
INSERT INTO fit_changes (organization_id, profile, profile_version, cause, verdict_before, fit_lower_before,
    fit_upper_before, verdict, fit_lower, fit_upper, criteria, recorded_at, run_id, run_number)
WITH last AS (
    SELECT f.* FROM fits AS f
    SEMI JOIN staged_fits AS s ON s.organization_id = f.organization_id AND s.profile = f.profile
    QUALIFY row_number() OVER (PARTITION BY f.organization_id, f.profile ORDER BY f.run_number DESC) = 1
)
SELECT s.organization_id, s.profile, s.profile_version,
       CASE WHEN l.organization_id IS NULL THEN 'first_load'
            WHEN l.profile_version <> s.profile_version THEN 'profile_edited' ELSE 'learned' END,
       l.verdict, l.fit_lower, l.fit_upper, s.verdict, s.fit_lower, s.fit_upper, s.criteria::JSON, $at, $run_id,
       $run_number
FROM staged_fits AS s
LEFT JOIN last AS l ON l.organization_id = s.organization_id AND l.profile = s.profile
WHERE (coalesce(l.verdict, '') = 'fits') <> (s.verdict = 'fits');
