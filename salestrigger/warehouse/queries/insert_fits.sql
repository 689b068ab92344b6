-- a row whenever a fit differs from the one that held; analysing twice in one run writes it once
INSERT INTO fits (organization_id, profile, profile_version, fit_lower, fit_upper, verdict, criteria, recorded_at,
                  run_id, run_number)
WITH last AS (
    SELECT f.* FROM fits AS f
    SEMI JOIN staged_fits AS s ON s.organization_id = f.organization_id AND s.profile = f.profile
    QUALIFY row_number() OVER (PARTITION BY f.organization_id, f.profile ORDER BY f.run_number DESC) = 1
)
SELECT s.organization_id, s.profile, s.profile_version, s.fit_lower, s.fit_upper, s.verdict, s.criteria::JSON, $at,
       $run_id, $run_number
FROM (SELECT * FROM staged_fits
      QUALIFY row_number() OVER (PARTITION BY organization_id, profile ORDER BY profile_version) = 1) AS s
LEFT JOIN last AS l ON l.organization_id = s.organization_id AND l.profile = s.profile
WHERE (l.profile_version, l.fit_lower, l.fit_upper, l.verdict, l.criteria::VARCHAR)
    IS DISTINCT FROM (s.profile_version, s.fit_lower, s.fit_upper, s.verdict, s.criteria);
