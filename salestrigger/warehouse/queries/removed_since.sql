-- whether any record was deleted, at its source's wish, after the given run
SELECT count(*) AS removed_count FROM tombstones
WHERE run_id IN (SELECT run_id FROM runs WHERE run_number > $run_number);
