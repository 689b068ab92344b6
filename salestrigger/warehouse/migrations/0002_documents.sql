-- What was published: what was read and where it is, never a body.
CREATE TABLE documents (
    document_id     VARCHAR NOT NULL,
    source_id       VARCHAR NOT NULL,
    document_key    VARCHAR NOT NULL,
    url             VARCHAR NOT NULL,
    title           VARCHAR NOT NULL,
    language        VARCHAR,
    kind            VARCHAR NOT NULL,
    publisher       VARCHAR,
    issuer          VARCHAR,
    identifiers     JSON NOT NULL,
    published_at    TIMESTAMP,
    edited_at       TIMESTAMP,
    fetched_at      TIMESTAMP NOT NULL,
    content_hash    VARCHAR NOT NULL,
    state           VARCHAR NOT NULL,
    outcome         VARCHAR,
    raw_ref         VARCHAR,
    signature       VARCHAR,
    first_seen_at   TIMESTAMP NOT NULL,
    first_run_id    VARCHAR NOT NULL,
    analysed_run_id VARCHAR
);
COMMENT ON TABLE documents IS 'One row per document: where it is and what became of it; its body lives in the raw store only';
COMMENT ON COLUMN documents.document_id IS 'content hash of source and key';
COMMENT ON COLUMN documents.source_id IS 'the source that served it';
COMMENT ON COLUMN documents.document_key IS 'how the source identifies it';
COMMENT ON COLUMN documents.url IS 'canonical address; empty when there is none that is safe';
COMMENT ON COLUMN documents.title IS 'plain text';
COMMENT ON COLUMN documents.language IS 'BCP 47: as declared, after analysis as detected';
COMMENT ON COLUMN documents.kind IS 'news, notice, filing, job_ad or tender';
COMMENT ON COLUMN documents.publisher IS 'the outlet when it is not the source';
COMMENT ON COLUMN documents.issuer IS 'the organisation that issued it, when stated';
COMMENT ON COLUMN documents.identifiers IS 'organisations that the source itself names: [scheme-number]';
COMMENT ON COLUMN documents.published_at IS 'as the source states it (UTC)';
COMMENT ON COLUMN documents.edited_at IS 'a later edit, if the source says so (UTC)';
COMMENT ON COLUMN documents.fetched_at IS 'when this version was fetched (UTC)';
COMMENT ON COLUMN documents.content_hash IS 'hash of title and text: another one is an edit';
COMMENT ON COLUMN documents.state IS 'pending, analysed or set_aside';
COMMENT ON COLUMN documents.outcome IS 'event, or why there is none, or why it was set aside; null while pending';
COMMENT ON COLUMN documents.raw_ref IS 'where the raw store has it';
COMMENT ON COLUMN documents.signature IS 'near-duplicate signature, hex';
COMMENT ON COLUMN documents.first_seen_at IS 'logical time at which it was first collected (UTC)';
COMMENT ON COLUMN documents.first_run_id IS 'the run that first collected it';
COMMENT ON COLUMN documents.analysed_run_id IS 'the run that analysed this version';

CREATE TABLE mentions (
    mention_id  VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    mention     VARCHAR NOT NULL,
    char_start  INTEGER NOT NULL,
    char_end    INTEGER NOT NULL,
    prominence  VARCHAR NOT NULL,
    basis       VARCHAR NOT NULL,
    candidates  JSON NOT NULL
);
COMMENT ON TABLE mentions IS 'One row per mention of an organisation in a document''s current version';
COMMENT ON COLUMN mentions.mention_id IS 'content hash of document and place';
COMMENT ON COLUMN mentions.document_id IS 'the document';
COMMENT ON COLUMN mentions.mention IS 'as written';
COMMENT ON COLUMN mentions.char_start IS 'first character in title, line break, text';
COMMENT ON COLUMN mentions.char_end IS 'one past the last character';
COMMENT ON COLUMN mentions.prominence IS 'title, lead or body';
COMMENT ON COLUMN mentions.basis IS 'known (a listed name), form (of the words) or given (by the source)';
COMMENT ON COLUMN mentions.candidates IS 'organisation ids whose name this is: [id]';

CREATE TABLE matches (
    mention_id      VARCHAR NOT NULL,
    document_id     VARCHAR NOT NULL,
    organization_id VARCHAR,
    probability     DOUBLE NOT NULL,
    decision        VARCHAR NOT NULL,
    runner_up_id    VARCHAR,
    margin          DOUBLE NOT NULL,
    namesakes_count INTEGER NOT NULL,
    evidence        JSON NOT NULL
);
COMMENT ON TABLE matches IS 'One row per mention that was looked up: which organisation it means, and why';
COMMENT ON COLUMN matches.mention_id IS 'the mention';
COMMENT ON COLUMN matches.document_id IS 'its document';
COMMENT ON COLUMN matches.organization_id IS 'the organisation; null: none';
COMMENT ON COLUMN matches.probability IS 'that it is this one, 0 to 1';
COMMENT ON COLUMN matches.decision IS 'accept, review or reject';
COMMENT ON COLUMN matches.runner_up_id IS 'the second best organisation';
COMMENT ON COLUMN matches.margin IS 'probability less the runner-up''s';
COMMENT ON COLUMN matches.namesakes_count IS 'other organisations with the same core name';
COMMENT ON COLUMN matches.evidence IS 'reasons: [{feature, value, weight (log-odds), says}]';
