-- What happened: each event once, whoever looks at it.
CREATE TABLE events (
    event_id          VARCHAR NOT NULL,
    type              VARCHAR NOT NULL,
    modality          VARCHAR NOT NULL,
    quote             VARCHAR NOT NULL,
    quote_start       INTEGER NOT NULL,
    quote_end         INTEGER NOT NULL,
    sentence_start    INTEGER NOT NULL,
    sentence_end      INTEGER NOT NULL,
    confidence        DOUBLE NOT NULL,
    language          VARCHAR NOT NULL,
    event_on          DATE,
    effective_on      DATE,
    event_precision   VARCHAR,
    evidence          JSON NOT NULL,
    merged_into_id    VARCHAR,
    first_recorded_at TIMESTAMP NOT NULL,
    recorded_at       TIMESTAMP NOT NULL,
    first_run_id      VARCHAR NOT NULL,
    run_id            VARCHAR NOT NULL
);
COMMENT ON TABLE events IS 'One row per event';
COMMENT ON COLUMN events.event_id IS 'content hash of first document or change, type and subject; never changes as the event grows';
COMMENT ON COLUMN events.type IS 'a name of the lexicon';
COMMENT ON COLUMN events.modality IS 'rumour, planned, announced, in_progress, completed, cancelled or denied';
COMMENT ON COLUMN events.quote IS 'at most 150 characters, in the original language; blank after its person data expired';
COMMENT ON COLUMN events.quote_start IS 'first character in title, line break, text; -1 for a register change';
COMMENT ON COLUMN events.quote_end IS 'one past the last character';
COMMENT ON COLUMN events.sentence_start IS 'first character of its sentence';
COMMENT ON COLUMN events.sentence_end IS 'one past its last character';
COMMENT ON COLUMN events.confidence IS 'that it happened, 0 to 1';
COMMENT ON COLUMN events.language IS 'BCP 47 of the quote';
COMMENT ON COLUMN events.event_on IS 'when it happens or happened, if stated';
COMMENT ON COLUMN events.effective_on IS 'when it takes effect, if stated';
COMMENT ON COLUMN events.event_precision IS 'day, month, quarter or year';
COMMENT ON COLUMN events.evidence IS 'which phrase and rule, which doubts: [{feature, value, weight, says}]';
COMMENT ON COLUMN events.merged_into_id IS 'the event it turned out to be; null: it stands';
COMMENT ON COLUMN events.first_recorded_at IS 'logical time at which it was first stored (UTC)';
COMMENT ON COLUMN events.recorded_at IS 'logical time of its last change (UTC)';
COMMENT ON COLUMN events.first_run_id IS 'the run that first stored it';
COMMENT ON COLUMN events.run_id IS 'the run that last changed it';

CREATE TABLE event_roles (
    event_id        VARCHAR NOT NULL,
    position        INTEGER NOT NULL,
    role            VARCHAR NOT NULL,
    surface         VARCHAR NOT NULL,
    char_start      INTEGER NOT NULL,
    char_end        INTEGER NOT NULL,
    mention_id      VARCHAR,
    organization_id VARCHAR,
    probability     DOUBLE NOT NULL,
    decision        VARCHAR NOT NULL
);
COMMENT ON TABLE event_roles IS 'One row per event and part that somebody has in it';
COMMENT ON COLUMN event_roles.event_id IS 'the event';
COMMENT ON COLUMN event_roles.position IS 'order within the event, 0 first';
COMMENT ON COLUMN event_roles.role IS 'acquirer, target, organization …';
COMMENT ON COLUMN event_roles.surface IS 'as written: it stands in the title or in the event''s sentence';
COMMENT ON COLUMN event_roles.char_start IS 'first character; -1 for a register change';
COMMENT ON COLUMN event_roles.char_end IS 'one past the last character';
COMMENT ON COLUMN event_roles.mention_id IS 'the mention';
COMMENT ON COLUMN event_roles.organization_id IS 'the organisation, where the match was accepted or is in review';
COMMENT ON COLUMN event_roles.probability IS 'that it is this one, 0 to 1';
COMMENT ON COLUMN event_roles.decision IS 'accept, review or reject';

CREATE TABLE event_attributes (
    event_id   VARCHAR NOT NULL,
    position   INTEGER NOT NULL,
    attribute  VARCHAR NOT NULL,
    value      VARCHAR NOT NULL,
    unit       VARCHAR,
    char_start INTEGER NOT NULL,
    char_end   INTEGER NOT NULL,
    expires_on DATE
);
COMMENT ON TABLE event_attributes IS 'One row per event and value that belongs to it';
COMMENT ON COLUMN event_attributes.event_id IS 'the event';
COMMENT ON COLUMN event_attributes.position IS 'order within the event, 0 first';
COMMENT ON COLUMN event_attributes.attribute IS 'amount, headcount, person, title, location …';
COMMENT ON COLUMN event_attributes.value IS 'normalised, or a literal part of the text';
COMMENT ON COLUMN event_attributes.unit IS 'ISO 4217 for an amount, persons, per cent …';
COMMENT ON COLUMN event_attributes.char_start IS 'first character; -1: from a register''s field';
COMMENT ON COLUMN event_attributes.char_end IS 'one past the last character';
COMMENT ON COLUMN event_attributes.expires_on IS 'when a person''s name is deleted; null for everything else';

CREATE TABLE event_sources (
    event_id     VARCHAR NOT NULL,
    position     INTEGER NOT NULL,
    document_id  VARCHAR NOT NULL,
    url          VARCHAR NOT NULL,
    title        VARCHAR NOT NULL,
    source_id    VARCHAR NOT NULL,
    publisher    VARCHAR NOT NULL,
    published_at TIMESTAMP NOT NULL,
    quote        VARCHAR NOT NULL,
    copy_group   VARCHAR NOT NULL,
    modality     VARCHAR NOT NULL
);
COMMENT ON TABLE event_sources IS 'One row per event and document (or register change) that tells of it';
COMMENT ON COLUMN event_sources.event_id IS 'the event';
COMMENT ON COLUMN event_sources.position IS 'order within the event, 0 first';
COMMENT ON COLUMN event_sources.document_id IS 'the document, or the change';
COMMENT ON COLUMN event_sources.url IS 'where a person can see it';
COMMENT ON COLUMN event_sources.title IS 'its title';
COMMENT ON COLUMN event_sources.source_id IS 'the source';
COMMENT ON COLUMN event_sources.publisher IS 'who published it';
COMMENT ON COLUMN event_sources.published_at IS 'when (UTC): not the day of the event';
COMMENT ON COLUMN event_sources.quote IS 'at most 150 characters; blank after its person data expired';
COMMENT ON COLUMN event_sources.copy_group IS 'equal for copies of one text: they count as one source';
COMMENT ON COLUMN event_sources.modality IS 'how this text puts it';
