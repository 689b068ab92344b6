-- every register change that was analysed by these runs, with the run that did and what became of it
SELECT c.*, r.run_number AS analysed_run_number FROM org_changes AS c
JOIN runs AS r ON r.run_id = c.analysed_run_id
WHERE c.outcome IS NOT NULL AND r.run_number BETWEEN $first_number AND $last_number
ORDER BY c.published_at, c.change_id;
