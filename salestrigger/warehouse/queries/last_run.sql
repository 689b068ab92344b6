SELECT * FROM runs WHERE $as_of::TIMESTAMP IS NULL OR as_of_at <= $as_of::TIMESTAMP ORDER BY run_number DESC LIMIT 1;
