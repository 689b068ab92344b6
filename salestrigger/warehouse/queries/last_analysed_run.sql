SELECT * FROM runs WHERE analysed_at IS NOT NULL ORDER BY run_number DESC LIMIT 1;
