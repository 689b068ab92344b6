-- every event that stands, with the run that first stored it
SELECT e.*, r.run_number AS first_run_number FROM events AS e
JOIN runs AS r ON r.run_id = e.first_run_id
WHERE e.merged_into_id IS NULL
ORDER BY e.event_id;
