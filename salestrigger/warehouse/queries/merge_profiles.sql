MERGE INTO profiles AS t
USING (SELECT * FROM staged_profiles
       QUALIFY row_number() OVER (PARTITION BY profile, profile_version ORDER BY content) = 1) AS s
ON t.profile = s.profile AND t.profile_version = s.profile_version
WHEN NOT MATCHED THEN INSERT (profile, profile_version, content, first_seen_at, first_run_id)
    VALUES (s.profile, s.profile_version, s.content, $at, $run_id);
