-- What became of the documents of a run, by language: one row per language and outcome.
SELECT
    coalesce(nullif(language, ''), 'unknown') AS language,
    coalesce(outcome, state)                  AS outcome,
    count(*)                                  AS document_count
FROM documents
WHERE analysed_run_id = $run_id
GROUP BY ALL
ORDER BY language, document_count DESC, outcome
