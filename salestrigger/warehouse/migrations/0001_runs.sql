-- What kept the database at its version, every run, and every source with its state.
CREATE TABLE schema_migrations (
    version  INTEGER NOT NULL,
    name     VARCHAR NOT NULL,
    checksum VARCHAR NOT NULL
);
COMMENT ON TABLE schema_migrations IS 'One row per migration that was applied; the newest number is the version of the schema';
COMMENT ON COLUMN schema_migrations.version IS 'number of the migration, from 1 without gaps';
COMMENT ON COLUMN schema_migrations.name IS 'name of the migration''s file';
COMMENT ON COLUMN schema_migrations.checksum IS 'first 16 hex digits of the SHA-256 of its text; it may never change';

CREATE TABLE view_versions (
    checksum VARCHAR NOT NULL
);
COMMENT ON TABLE view_versions IS 'One row: which text of the views this database has';
COMMENT ON COLUMN view_versions.checksum IS 'first 16 hex digits of the SHA-256 of all view files';

CREATE TABLE runs (
    run_id                  VARCHAR NOT NULL,
    run_number              INTEGER NOT NULL,
    kind                    VARCHAR NOT NULL,
    as_of_at                TIMESTAMP NOT NULL,
    finished_at             TIMESTAMP,
    status                  VARCHAR NOT NULL,
    version                 VARCHAR NOT NULL,
    profiles                JSON NOT NULL,
    analysed_at             TIMESTAMP,
    analysed_document_count INTEGER,
    analysed_change_count   INTEGER,
    analysed_event_count    INTEGER
);
COMMENT ON TABLE runs IS 'One row per run';
COMMENT ON COLUMN runs.run_id IS 'content hash of the run''s number and logical time';
COMMENT ON COLUMN runs.run_number IS '1, 2, 3 …: orders runs, also those of one logical time';
COMMENT ON COLUMN runs.kind IS 'real, demo or replay';
COMMENT ON COLUMN runs.as_of_at IS 'the run''s logical now (UTC); never before that of an earlier run';
COMMENT ON COLUMN runs.finished_at IS 'when it ended (UTC); null while it is at work or when it was interrupted';
COMMENT ON COLUMN runs.status IS 'running, finished, failed or interrupted';
COMMENT ON COLUMN runs.version IS 'version of salestrigger that ran';
COMMENT ON COLUMN runs.profiles IS 'names and versions of the profiles it used: [{name, version}]';
COMMENT ON COLUMN runs.analysed_at IS 'logical time at which its findings were stored (UTC); null: not yet';
COMMENT ON COLUMN runs.analysed_document_count IS 'documents that its analysis took in';
COMMENT ON COLUMN runs.analysed_change_count IS 'register changes that its analysis took in';
COMMENT ON COLUMN runs.analysed_event_count IS 'events that were new or grew in it';

CREATE TABLE sources (
    source_id        VARCHAR NOT NULL,
    title            VARCHAR NOT NULL,
    adapter          VARCHAR NOT NULL,
    url              VARCHAR NOT NULL,
    trust            VARCHAR NOT NULL,
    country          VARCHAR,
    language         VARCHAR,
    licence          VARCHAR NOT NULL,
    terms_url        VARCHAR NOT NULL,
    personal_data    VARCHAR NOT NULL,
    retention_days   INTEGER NOT NULL,
    expected_per_day DOUBLE
);
COMMENT ON TABLE sources IS 'One row per source, as last declared';
COMMENT ON COLUMN sources.source_id IS 'name of the catalogue file without .toml';
COMMENT ON COLUMN sources.title IS 'as a person knows it';
COMMENT ON COLUMN sources.adapter IS 'which adapter reads it';
COMMENT ON COLUMN sources.url IS 'its address, or the file of a list of one''s own';
COMMENT ON COLUMN sources.trust IS 'register, wire, newsroom, press, aggregator or user';
COMMENT ON COLUMN sources.country IS 'ISO 3166-1 alpha-2; null: several';
COMMENT ON COLUMN sources.language IS 'BCP 47 when all its texts are in one language';
COMMENT ON COLUMN sources.licence IS 'the terms under which its content may be used';
COMMENT ON COLUMN sources.terms_url IS 'where those terms are';
COMMENT ON COLUMN sources.personal_data IS 'what personal data it has and what is dropped';
COMMENT ON COLUMN sources.retention_days IS 'how many days its bodies stay in the raw store';
COMMENT ON COLUMN sources.expected_per_day IS 'items expected on an ordinary day; null: not known';

CREATE TABLE source_states (
    source_id       VARCHAR NOT NULL,
    cursor          JSON NOT NULL,
    last_status     VARCHAR NOT NULL,
    last_reason     VARCHAR NOT NULL,
    last_attempt_at TIMESTAMP NOT NULL,
    last_ok_at      TIMESTAMP,
    failure_count   INTEGER NOT NULL
);
COMMENT ON TABLE source_states IS 'One row per source: where its next collection goes on, and how the last one went';
COMMENT ON COLUMN source_states.source_id IS 'the source';
COMMENT ON COLUMN source_states.cursor IS 'the adapter''s own watermark; moved only by ok, empty and not_modified';
COMMENT ON COLUMN source_states.last_status IS 'ok, empty, not_modified, refused, malformed or failed';
COMMENT ON COLUMN source_states.last_reason IS 'a stable word such as http_500; empty when it went well';
COMMENT ON COLUMN source_states.last_attempt_at IS 'logical time of the last attempt (UTC)';
COMMENT ON COLUMN source_states.last_ok_at IS 'logical time of the last one that went well (UTC); null: never yet';
COMMENT ON COLUMN source_states.failure_count IS 'failures in a row; 0 after one that went well';

CREATE TABLE source_runs (
    run_id                VARCHAR NOT NULL,
    source_id             VARCHAR NOT NULL,
    status                VARCHAR NOT NULL,
    reason                VARCHAR NOT NULL,
    started_at            TIMESTAMP NOT NULL,
    duration_seconds      DOUBLE NOT NULL,
    request_count         INTEGER NOT NULL,
    received_bytes        BIGINT NOT NULL,
    document_count        INTEGER NOT NULL,
    new_document_count    INTEGER NOT NULL,
    edited_document_count INTEGER NOT NULL,
    set_aside_count       INTEGER NOT NULL,
    record_count          INTEGER NOT NULL,
    changed_record_count  INTEGER NOT NULL,
    change_count          INTEGER NOT NULL,
    new_change_count      INTEGER NOT NULL,
    removed_count         INTEGER NOT NULL,
    notes                 JSON NOT NULL
);
COMMENT ON TABLE source_runs IS 'One row per run and source: what one collection yielded';
COMMENT ON COLUMN source_runs.run_id IS 'the run that stored this row';
COMMENT ON COLUMN source_runs.source_id IS 'the source';
COMMENT ON COLUMN source_runs.status IS 'ok, empty, not_modified, refused, malformed or failed';
COMMENT ON COLUMN source_runs.reason IS 'a stable word; empty when it went well';
COMMENT ON COLUMN source_runs.started_at IS 'when it was begun (UTC)';
COMMENT ON COLUMN source_runs.duration_seconds IS 'how long it took';
COMMENT ON COLUMN source_runs.request_count IS 'requests sent';
COMMENT ON COLUMN source_runs.received_bytes IS 'bytes received';
COMMENT ON COLUMN source_runs.document_count IS 'documents it served';
COMMENT ON COLUMN source_runs.new_document_count IS 'of these not seen before';
COMMENT ON COLUMN source_runs.edited_document_count IS 'of these seen before with another text';
COMMENT ON COLUMN source_runs.set_aside_count IS 'items that could not be read';
COMMENT ON COLUMN source_runs.record_count IS 'organisation records it served';
COMMENT ON COLUMN source_runs.changed_record_count IS 'of these new or different';
COMMENT ON COLUMN source_runs.change_count IS 'register changes it served';
COMMENT ON COLUMN source_runs.new_change_count IS 'of these not seen before';
COMMENT ON COLUMN source_runs.removed_count IS 'records that it asked to delete';
COMMENT ON COLUMN source_runs.notes IS 'what the adapter had to say: [text]';

CREATE TABLE profiles (
    profile         VARCHAR NOT NULL,
    profile_version VARCHAR NOT NULL,
    content         JSON NOT NULL,
    first_seen_at   TIMESTAMP NOT NULL,
    first_run_id    VARCHAR NOT NULL
);
COMMENT ON TABLE profiles IS 'One row per profile and version that was ever used';
COMMENT ON COLUMN profiles.profile IS 'name of the profile';
COMMENT ON COLUMN profiles.profile_version IS 'hash of its content';
COMMENT ON COLUMN profiles.content IS 'the whole profile as declared';
COMMENT ON COLUMN profiles.first_seen_at IS 'logical time of its first use (UTC)';
COMMENT ON COLUMN profiles.first_run_id IS 'the run that used it first';

CREATE TABLE run_counts (
    run_id     VARCHAR NOT NULL,
    profile    VARCHAR NOT NULL,
    stage      VARCHAR NOT NULL,
    reason     VARCHAR NOT NULL,
    unit_count INTEGER NOT NULL
);
COMMENT ON TABLE run_counts IS 'One row per run, profile, stage and reason: how many units ended so';
COMMENT ON COLUMN run_counts.run_id IS 'the run that stored this row';
COMMENT ON COLUMN run_counts.profile IS 'name of the profile; empty for stages that no profile has a say in';
COMMENT ON COLUMN run_counts.stage IS 'what is counted: documents, changes, events or subjects (organisations in events)';
COMMENT ON COLUMN run_counts.reason IS 'how the units ended: the reasons of a stage add up to what entered it';
COMMENT ON COLUMN run_counts.unit_count IS 'how many';
