-- each stage of a run's funnel adds up to what its analysis took in, and every profile saw the same subjects
WITH entered AS (
    SELECT run_id, 'documents' AS stage, analysed_document_count AS expected FROM runs WHERE analysed_at IS NOT NULL
    UNION ALL SELECT run_id, 'changes', analysed_change_count FROM runs WHERE analysed_at IS NOT NULL
    UNION ALL SELECT run_id, 'events', analysed_event_count FROM runs WHERE analysed_at IS NOT NULL
)
SELECT e.run_id, e.stage, e.expected, coalesce(sum(c.unit_count), 0)::BIGINT AS counted
FROM entered AS e
LEFT JOIN run_counts AS c ON c.run_id = e.run_id AND c.stage = e.stage
GROUP BY e.run_id, e.stage, e.expected
HAVING counted <> e.expected
UNION ALL
SELECT run_id, 'subjects', min(total)::BIGINT, max(total)::BIGINT
FROM (SELECT run_id, profile, sum(unit_count) AS total FROM run_counts WHERE stage = 'subjects' GROUP BY ALL)
GROUP BY run_id
HAVING min(total) <> max(total);
