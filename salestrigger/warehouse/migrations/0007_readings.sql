-- What a second reader was asked, what came of it, and where it differs from the rules.
CREATE TABLE second_readings (
    run_id             VARCHAR NOT NULL,
    document_id        VARCHAR NOT NULL,
    mode               VARCHAR NOT NULL,
    model              VARCHAR NOT NULL,
    why                VARCHAR NOT NULL,
    outcome            VARCHAR NOT NULL,
    is_cached          BOOLEAN NOT NULL,
    input_token_count  BIGINT NOT NULL,
    output_token_count BIGINT NOT NULL,
    cost               DOUBLE NOT NULL
);
COMMENT ON TABLE second_readings IS 'One row per run and document that a second reader was to read';
COMMENT ON COLUMN second_readings.run_id IS 'the run';
COMMENT ON COLUMN second_readings.document_id IS 'the document';
COMMENT ON COLUMN second_readings.mode IS 'doubtful or wide: about what it was to be asked';
COMMENT ON COLUMN second_readings.model IS 'the model, as its server calls it';
COMMENT ON COLUMN second_readings.why IS 'doubtful (the rules were unsure) or cue_words (it passed the filter)';
COMMENT ON COLUMN second_readings.outcome IS 'agreed, changed, or why the rules stand: budget, deadline, http_429, no_json, ungrounded …';
COMMENT ON COLUMN second_readings.is_cached IS 'the answer was kept from before: nobody was asked';
COMMENT ON COLUMN second_readings.input_token_count IS 'tokens that the model read, as its server counted them, else estimated';
COMMENT ON COLUMN second_readings.output_token_count IS 'tokens that it wrote';
COMMENT ON COLUMN second_readings.cost IS 'by the declared prices, in their currency';

CREATE TABLE second_reading_differences (
    run_id      VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    position    INTEGER NOT NULL,
    kind        VARCHAR NOT NULL,
    event_type  VARCHAR NOT NULL,
    rules_say   VARCHAR NOT NULL,
    reader_says VARCHAR NOT NULL
);
COMMENT ON TABLE second_reading_differences IS 'One row per run, document and point in which the second reader differs from the rules';
COMMENT ON COLUMN second_reading_differences.run_id IS 'the run';
COMMENT ON COLUMN second_reading_differences.document_id IS 'the document';
COMMENT ON COLUMN second_reading_differences.position IS 'order within the document, 0 first';
COMMENT ON COLUMN second_reading_differences.kind IS 'only_rules, only_reader, modality, roles, or refused: what it said was not believed';
COMMENT ON COLUMN second_reading_differences.event_type IS 'a name of the lexicon, or what the reader called it';
COMMENT ON COLUMN second_reading_differences.rules_say IS 'modality or roles by the rules; empty: nothing';
COMMENT ON COLUMN second_reading_differences.reader_says IS 'modality or roles by the reader; for refused the reason';
