SELECT run_id, run_number, as_of_at FROM runs ORDER BY run_number DESC LIMIT 1;
