SELECT * FROM run_funnel
WHERE run_id = coalesce($run_id::VARCHAR, (
    SELECT arg_max(run_id, run_number) FROM runs
    WHERE analysed_at IS NOT NULL AND ($as_of::TIMESTAMP IS NULL OR as_of_at <= $as_of::TIMESTAMP)
))
ORDER BY stage, profile, unit_count DESC, reason;
