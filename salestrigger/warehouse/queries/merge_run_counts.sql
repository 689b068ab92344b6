-- the funnel of this run, exactly
MERGE INTO run_counts AS t
USING (SELECT profile, stage, reason, sum(unit_count)::INTEGER AS unit_count
       FROM staged_counts GROUP BY profile, stage, reason) AS s
ON t.run_id = $run_id AND t.profile = s.profile AND t.stage = s.stage AND t.reason = s.reason
WHEN MATCHED AND t.unit_count <> s.unit_count THEN UPDATE SET unit_count = s.unit_count
WHEN NOT MATCHED BY SOURCE AND t.run_id = $run_id THEN DELETE
WHEN NOT MATCHED THEN INSERT (run_id, profile, stage, reason, unit_count)
    VALUES ($run_id, s.profile, s.stage, s.reason, s.unit_count);
