-- how many register changes each run analysed
SELECT r.run_number, count(*)::INTEGER AS change_count FROM org_changes AS c
JOIN runs AS r ON r.run_id = c.analysed_run_id
WHERE c.outcome IS NOT NULL
GROUP BY r.run_number
ORDER BY r.run_number;
