CREATE OR REPLACE VIEW second_reader_runs AS
WITH differing AS (
    SELECT run_id, count(*) FILTER (kind <> 'refused') AS difference_count,
           count(*) FILTER (kind = 'refused') AS refused_event_count
    FROM second_reading_differences GROUP BY run_id
)
SELECT r.run_id, u.as_of_at, r.mode, r.model, u.analysed_document_count AS document_count,
       count(*) AS given_document_count,
       count(*) / nullif(u.analysed_document_count, 0) AS given_share,
       count(*) FILTER (r.outcome IN ('agreed', 'changed')) AS read_document_count,
       count(*) FILTER (r.is_cached) AS cached_document_count,
       count(*) FILTER (r.outcome = 'changed') AS changed_document_count,
       coalesce(any_value(d.difference_count), 0) AS difference_count,
       coalesce(any_value(d.refused_event_count), 0) AS refused_event_count,
       sum(r.input_token_count)::BIGINT AS input_token_count, sum(r.output_token_count)::BIGINT AS output_token_count,
       sum(r.cost) AS cost
FROM second_readings AS r
JOIN runs AS u ON u.run_id = r.run_id
LEFT JOIN differing AS d ON d.run_id = r.run_id
GROUP BY r.run_id, u.as_of_at, r.mode, r.model, u.analysed_document_count;
COMMENT ON VIEW second_reader_runs IS 'One row per run and model of a second reader: how much it read, what it cost, how often it differs';
COMMENT ON COLUMN second_reader_runs.run_id IS 'the run';
COMMENT ON COLUMN second_reader_runs.as_of_at IS 'its logical time (UTC)';
COMMENT ON COLUMN second_reader_runs.mode IS 'doubtful or wide';
COMMENT ON COLUMN second_reader_runs.model IS 'as its server calls it';
COMMENT ON COLUMN second_reader_runs.document_count IS 'documents that the run analysed';
COMMENT ON COLUMN second_reader_runs.given_document_count IS 'of these given to the second reader';
COMMENT ON COLUMN second_reader_runs.given_share IS 'the same as a share, 0 to 1';
COMMENT ON COLUMN second_reader_runs.read_document_count IS 'of the given ones answered usably; in the others the rules stand';
COMMENT ON COLUMN second_reader_runs.cached_document_count IS 'of the given ones answered from kept answers';
COMMENT ON COLUMN second_reader_runs.changed_document_count IS 'documents in which it differs from the rules';
COMMENT ON COLUMN second_reader_runs.difference_count IS 'points in which it differs';
COMMENT ON COLUMN second_reader_runs.refused_event_count IS 'events that it told and that were not believed';
COMMENT ON COLUMN second_reader_runs.input_token_count IS 'tokens read';
COMMENT ON COLUMN second_reader_runs.output_token_count IS 'tokens written';
COMMENT ON COLUMN second_reader_runs.cost IS 'by the declared prices, in their currency';
