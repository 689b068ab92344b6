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

-- What happened to events after they were first told, and which document told each value.
ALTER TABLE event_attributes ADD COLUMN document_id VARCHAR;
COMMENT ON COLUMN event_attributes.document_id IS 'the one document that told it; null: several did, or it is not known';

CREATE TABLE event_changes (
    event_id    VARCHAR NOT NULL,
    kind        VARCHAR NOT NULL,
    detail      VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    run_id      VARCHAR NOT NULL
);
COMMENT ON TABLE event_changes IS 'One row per run, event and thing that happened to it after it was first told';
COMMENT ON COLUMN event_changes.event_id IS 'the event';
COMMENT ON COLUMN event_changes.kind IS 'merged (into detail), absorbed, split (off as detail), corrected, retracted, retyped or conflict';
COMMENT ON COLUMN event_changes.detail IS 'the other event, or what it was and is';
COMMENT ON COLUMN event_changes.document_id IS 'the document behind it; empty: none in particular';
COMMENT ON COLUMN event_changes.recorded_at IS 'logical time (UTC)';
COMMENT ON COLUMN event_changes.run_id IS 'the run that stored this row';

-- Planned events are told again on their day.
ALTER TABLE trigger_versions ADD COLUMN due_on DATE;
COMMENT ON COLUMN trigger_versions.due_on IS 'the planned day on which it was told again; null: not yet, or not planned';
