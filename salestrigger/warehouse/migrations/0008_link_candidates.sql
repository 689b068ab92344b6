-- Records that may be of an organisation by their name: what the matcher proposes, and what a person said of it.
CREATE TABLE link_candidates (
    record_id       VARCHAR NOT NULL,
    organization_id VARCHAR NOT NULL,
    probability     DOUBLE NOT NULL,
    decision        VARCHAR NOT NULL,
    evidence        VARCHAR NOT NULL,
    decided_at      TIMESTAMP NOT NULL,
    run_id          VARCHAR
);
COMMENT ON TABLE link_candidates IS 'One row per record and organisation that its name may mean';
COMMENT ON COLUMN link_candidates.record_id IS 'the record, of one''s own list';
COMMENT ON COLUMN link_candidates.organization_id IS 'the organisation';
COMMENT ON COLUMN link_candidates.probability IS 'that they are the same, 0 to 1';
COMMENT ON COLUMN link_candidates.decision IS 'accept (linked by the matcher), review (waits for a person), confirmed or refused (a person said so)';
COMMENT ON COLUMN link_candidates.evidence IS 'why, in words';
COMMENT ON COLUMN link_candidates.decided_at IS 'logical time of the decision (UTC)';
COMMENT ON COLUMN link_candidates.run_id IS 'the run that found it; null: a person said so between runs';
