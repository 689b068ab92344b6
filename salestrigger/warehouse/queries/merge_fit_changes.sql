-- a verdict that changed; told again with the very same fit before and after it is the same change
MERGE INTO fit_changes AS t
USING (
    WITH last AS (
        SELECT * FROM fit_changes
        QUALIFY row_number() OVER (PARTITION BY organization_id, profile ORDER BY run_number DESC) = 1
    )
    SELECT s.* FROM staged_fit_changes AS s
    LEFT JOIN last AS l ON l.organization_id = s.organization_id AND l.profile = s.profile
    WHERE (l.profile_version, l.cause, l.verdict_before, l.fit_lower_before, l.fit_upper_before, l.verdict, l.fit_lower,
           l.fit_upper, l.criteria::VARCHAR)
        IS DISTINCT FROM (s.profile_version, s.cause, s.verdict_before, s.fit_lower_before, s.fit_upper_before,
                          s.verdict, s.fit_lower, s.fit_upper, s.criteria)
    QUALIFY row_number() OVER (PARTITION BY s.organization_id, s.profile ORDER BY s.profile_version) = 1
) AS s
ON t.organization_id = s.organization_id AND t.profile = s.profile AND t.run_number = $run_number
WHEN NOT MATCHED THEN INSERT (organization_id, profile, profile_version, cause, verdict_before, fit_lower_before,
        fit_upper_before, verdict, fit_lower, fit_upper, criteria, recorded_at, run_id, run_number)
    VALUES (s.organization_id, s.profile, s.profile_version, s.cause, s.verdict_before, s.fit_lower_before,
        s.fit_upper_before, s.verdict, s.fit_lower, s.fit_upper, s.criteria, $at, $run_id, $run_number);
