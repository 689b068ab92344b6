-- What events mean for whom: fits, triggers with their history, and what was told.
CREATE TABLE fits (
    organization_id VARCHAR NOT NULL,
    profile         VARCHAR NOT NULL,
    profile_version VARCHAR NOT NULL,
    fit_lower       DOUBLE NOT NULL,
    fit_upper       DOUBLE NOT NULL,
    verdict         VARCHAR NOT NULL,
    criteria        JSON NOT NULL,
    recorded_at     TIMESTAMP NOT NULL,
    run_id          VARCHAR NOT NULL,
    run_number      INTEGER NOT NULL
);
COMMENT ON TABLE fits IS 'One row whenever the fit of an organisation to a profile changed; the one of the highest run number holds';
COMMENT ON COLUMN fits.organization_id IS 'the organisation';
COMMENT ON COLUMN fits.profile IS 'name of the profile';
COMMENT ON COLUMN fits.profile_version IS 'hash of its content';
COMMENT ON COLUMN fits.fit_lower IS '0 to 100, if everything unknown speaks against it';
COMMENT ON COLUMN fits.fit_upper IS '0 to 100, if everything unknown speaks for it';
COMMENT ON COLUMN fits.verdict IS 'fits, does_not_fit, unknown or excluded';
COMMENT ON COLUMN fits.criteria IS '[{name, need, state, weight, value, wanted, source_id, as_of, lookup}]';
COMMENT ON COLUMN fits.recorded_at IS 'logical time (UTC)';
COMMENT ON COLUMN fits.run_id IS 'the run that stored this row';
COMMENT ON COLUMN fits.run_number IS 'number of that run';

CREATE TABLE fit_changes (
    organization_id  VARCHAR NOT NULL,
    profile          VARCHAR NOT NULL,
    profile_version  VARCHAR NOT NULL,
    cause            VARCHAR NOT NULL,
    verdict_before   VARCHAR,
    fit_lower_before DOUBLE,
    fit_upper_before DOUBLE,
    verdict          VARCHAR NOT NULL,
    fit_lower        DOUBLE NOT NULL,
    fit_upper        DOUBLE NOT NULL,
    criteria         JSON NOT NULL,
    recorded_at      TIMESTAMP NOT NULL,
    run_id           VARCHAR NOT NULL,
    run_number       INTEGER NOT NULL
);
COMMENT ON TABLE fit_changes IS 'One row per verdict that changed although nothing happened: learned, edited profile, first load';
COMMENT ON COLUMN fit_changes.organization_id IS 'the organisation';
COMMENT ON COLUMN fit_changes.profile IS 'name of the profile';
COMMENT ON COLUMN fit_changes.profile_version IS 'hash of its content';
COMMENT ON COLUMN fit_changes.cause IS 'learned, profile_edited or first_load';
COMMENT ON COLUMN fit_changes.verdict_before IS 'null: none before';
COMMENT ON COLUMN fit_changes.fit_lower_before IS '0 to 100';
COMMENT ON COLUMN fit_changes.fit_upper_before IS '0 to 100';
COMMENT ON COLUMN fit_changes.verdict IS 'fits, does_not_fit, unknown or excluded';
COMMENT ON COLUMN fit_changes.fit_lower IS '0 to 100';
COMMENT ON COLUMN fit_changes.fit_upper IS '0 to 100';
COMMENT ON COLUMN fit_changes.criteria IS 'the criteria after: [{name, need, state, …}]';
COMMENT ON COLUMN fit_changes.recorded_at IS 'logical time (UTC)';
COMMENT ON COLUMN fit_changes.run_id IS 'the run that stored this row';
COMMENT ON COLUMN fit_changes.run_number IS 'number of that run';

CREATE TABLE triggers (
    trigger_id        VARCHAR PRIMARY KEY,
    event_id          VARCHAR,
    change_id         VARCHAR,
    organization_id   VARCHAR NOT NULL,
    role              VARCHAR NOT NULL,
    profile           VARCHAR NOT NULL,
    first_recorded_at TIMESTAMP NOT NULL,
    first_run_id      VARCHAR NOT NULL
);
COMMENT ON TABLE triggers IS 'One row per trigger: what never changes about it';
COMMENT ON COLUMN triggers.trigger_id IS 'content hash of event or change, organisation, profile name and role';
COMMENT ON COLUMN triggers.event_id IS 'the event behind it; null: a register change';
COMMENT ON COLUMN triggers.change_id IS 'the register change behind it; null: an event';
COMMENT ON COLUMN triggers.organization_id IS 'the organisation';
COMMENT ON COLUMN triggers.role IS 'its part in the event';
COMMENT ON COLUMN triggers.profile IS 'name of the profile';
COMMENT ON COLUMN triggers.first_recorded_at IS 'logical time at which it was first stored (UTC)';
COMMENT ON COLUMN triggers.first_run_id IS 'the run that first stored it';

CREATE TABLE trigger_versions (
    trigger_id             VARCHAR NOT NULL,
    version_number         INTEGER NOT NULL,
    profile_version        VARCHAR NOT NULL,
    effect                 VARCHAR NOT NULL,
    cause                  VARCHAR NOT NULL,
    profile_version_before VARCHAR,
    verdict_before         VARCHAR,
    fit_lower_before       DOUBLE,
    fit_upper_before       DOUBLE,
    criteria_before        JSON,
    verdict                VARCHAR NOT NULL,
    fit_lower              DOUBLE NOT NULL,
    fit_upper              DOUBLE NOT NULL,
    criteria               JSON NOT NULL,
    flipped                VARCHAR NOT NULL,
    valid_from_on          DATE NOT NULL,
    valid_until_on         DATE,
    rank                   DOUBLE NOT NULL,
    rank_terms             JSON NOT NULL,
    held_back              VARCHAR NOT NULL,
    why_now                VARCHAR NOT NULL,
    content_hash           VARCHAR NOT NULL,
    recorded_at            TIMESTAMP NOT NULL,
    run_id                 VARCHAR NOT NULL
);
COMMENT ON TABLE trigger_versions IS 'One row whenever something about a trigger changed; the highest version number holds';
COMMENT ON COLUMN trigger_versions.trigger_id IS 'the trigger';
COMMENT ON COLUMN trigger_versions.version_number IS '1, 2, 3 …';
COMMENT ON COLUMN trigger_versions.profile_version IS 'hash of the profile''s content';
COMMENT ON COLUMN trigger_versions.effect IS 'enters_icp, leaves_icp, hook, hook_unknown_fit or none';
COMMENT ON COLUMN trigger_versions.cause IS 'changed, learned, profile_edited or first_load';
COMMENT ON COLUMN trigger_versions.profile_version_before IS 'hash of the profile''s content in the fit before; null: no fit before';
COMMENT ON COLUMN trigger_versions.verdict_before IS 'the fit before; null: not known';
COMMENT ON COLUMN trigger_versions.fit_lower_before IS '0 to 100';
COMMENT ON COLUMN trigger_versions.fit_upper_before IS '0 to 100';
COMMENT ON COLUMN trigger_versions.criteria_before IS 'the criteria before';
COMMENT ON COLUMN trigger_versions.verdict IS 'the fit after';
COMMENT ON COLUMN trigger_versions.fit_lower IS '0 to 100';
COMMENT ON COLUMN trigger_versions.fit_upper IS '0 to 100';
COMMENT ON COLUMN trigger_versions.criteria IS 'the criteria after: [{name, need, state, weight, value, wanted, source_id, as_of, lookup}]';
COMMENT ON COLUMN trigger_versions.flipped IS 'the criterion that decided enters or leaves; empty otherwise';
COMMENT ON COLUMN trigger_versions.valid_from_on IS 'not before this day';
COMMENT ON COLUMN trigger_versions.valid_until_on IS 'until this day; null: does not expire';
COMMENT ON COLUMN trigger_versions.rank IS '0 to 100';
COMMENT ON COLUMN trigger_versions.rank_terms IS '[{name, value (0 to 1), says}]';
COMMENT ON COLUMN trigger_versions.held_back IS 'why it is not told; empty: it is';
COMMENT ON COLUMN trigger_versions.why_now IS 'one sentence';
COMMENT ON COLUMN trigger_versions.content_hash IS 'hash of all that is above';
COMMENT ON COLUMN trigger_versions.recorded_at IS 'logical time (UTC)';
COMMENT ON COLUMN trigger_versions.run_id IS 'the run that stored this row';

CREATE TABLE outbox (
    trigger_id     VARCHAR NOT NULL,
    version_number INTEGER NOT NULL,
    profile        VARCHAR NOT NULL,
    queued_at      TIMESTAMP NOT NULL,
    run_id         VARCHAR NOT NULL,
    PRIMARY KEY (trigger_id, version_number)
);
COMMENT ON TABLE outbox IS 'One row per trigger version that is to be told';
COMMENT ON COLUMN outbox.trigger_id IS 'the trigger';
COMMENT ON COLUMN outbox.version_number IS 'its version';
COMMENT ON COLUMN outbox.profile IS 'name of the profile';
COMMENT ON COLUMN outbox.queued_at IS 'logical time (UTC)';
COMMENT ON COLUMN outbox.run_id IS 'the run that stored this row';

CREATE TABLE reported_triggers (
    report_id      VARCHAR NOT NULL,
    channel        VARCHAR NOT NULL,
    recipient      VARCHAR NOT NULL,
    trigger_id     VARCHAR NOT NULL,
    version_number INTEGER NOT NULL,
    reported_at    TIMESTAMP NOT NULL,
    run_id         VARCHAR NOT NULL
);
COMMENT ON TABLE reported_triggers IS 'One row per report, channel, recipient and trigger version that was told: the ledger of what was reported to whom';
COMMENT ON COLUMN reported_triggers.report_id IS 'the report';
COMMENT ON COLUMN reported_triggers.channel IS 'how it was told: file, mail …';
COMMENT ON COLUMN reported_triggers.recipient IS 'to whom; empty: whoever reads the file';
COMMENT ON COLUMN reported_triggers.trigger_id IS 'the trigger';
COMMENT ON COLUMN reported_triggers.version_number IS 'its version as told';
COMMENT ON COLUMN reported_triggers.reported_at IS 'logical time (UTC)';
COMMENT ON COLUMN reported_triggers.run_id IS 'the run that stored this row';
