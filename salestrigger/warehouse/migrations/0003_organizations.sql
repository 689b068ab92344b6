-- Who exists: register records, how they belong together, and what is known about them since when.
CREATE TABLE org_records (
    record_id           VARCHAR NOT NULL,
    scheme              VARCHAR NOT NULL,
    identifier          VARCHAR NOT NULL,
    name                VARCHAR NOT NULL,
    names               JSON NOT NULL,
    country             VARCHAR,
    legal_form          VARCHAR,
    addresses           JSON NOT NULL,
    industries          JSON NOT NULL,
    employees_low       INTEGER,
    employees_high      INTEGER,
    employees_on        DATE,
    revenue_amount      DECIMAL(24, 2),
    revenue_currency    VARCHAR,
    revenue_year        INTEGER,
    website             VARCHAR,
    status              VARCHAR,
    status_on           DATE,
    founded_on          DATE,
    registered_on       DATE,
    parent_id           VARCHAR,
    other_ids           JSON NOT NULL,
    description         VARCHAR,
    has_marketing_block BOOLEAN,
    is_sole_proprietor  BOOLEAN NOT NULL,
    relation            VARCHAR NOT NULL,
    source_id           VARCHAR NOT NULL,
    fetched_at          TIMESTAMP NOT NULL,
    content_hash        VARCHAR NOT NULL,
    first_run_id        VARCHAR NOT NULL,
    run_id              VARCHAR NOT NULL
);
COMMENT ON TABLE org_records IS 'One row per record of a register (or of one''s own list), as last served';
COMMENT ON COLUMN org_records.record_id IS 'scheme-identifier, for ever';
COMMENT ON COLUMN org_records.scheme IS 'org-id.guide list code; ACCOUNT for one''s own';
COMMENT ON COLUMN org_records.identifier IS 'the number, leading zeros kept';
COMMENT ON COLUMN org_records.name IS 'the legal name';
COMMENT ON COLUMN org_records.names IS 'all names: [{text, kind, valid_from, valid_to}]';
COMMENT ON COLUMN org_records.country IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN org_records.legal_form IS 'the register''s own code';
COMMENT ON COLUMN org_records.addresses IS '[{kind, lines, postcode, city, municipality, municipality_code, region, country}]';
COMMENT ON COLUMN org_records.industries IS 'the main one first: [{code, codeset}]';
COMMENT ON COLUMN org_records.employees_low IS 'employees, at least';
COMMENT ON COLUMN org_records.employees_high IS 'employees, at most; null: no upper bound';
COMMENT ON COLUMN org_records.employees_on IS 'the day that number is about';
COMMENT ON COLUMN org_records.revenue_amount IS 'yearly revenue in plain units of its currency';
COMMENT ON COLUMN org_records.revenue_currency IS 'ISO 4217';
COMMENT ON COLUMN org_records.revenue_year IS 'the year it is about';
COMMENT ON COLUMN org_records.website IS 'as the register has it';
COMMENT ON COLUMN org_records.status IS 'active, restructuring, winding_up, bankrupt or dissolved';
COMMENT ON COLUMN org_records.status_on IS 'since when';
COMMENT ON COLUMN org_records.founded_on IS 'when it was founded';
COMMENT ON COLUMN org_records.registered_on IS 'when it was registered';
COMMENT ON COLUMN org_records.parent_id IS 'record id of the parent';
COMMENT ON COLUMN org_records.other_ids IS 'other official numbers of the same organisation: [scheme-number]';
COMMENT ON COLUMN org_records.description IS 'its purpose in its own words';
COMMENT ON COLUMN org_records.has_marketing_block IS 'the register says: no unsolicited marketing; null: not stated';
COMMENT ON COLUMN org_records.is_sole_proprietor IS 'its name is a person''s name: never searched for in texts';
COMMENT ON COLUMN org_records.relation IS 'account, customer, competitor, supplier or empty; only from one''s own lists';
COMMENT ON COLUMN org_records.source_id IS 'the source that served it';
COMMENT ON COLUMN org_records.fetched_at IS 'when this state was first fetched (UTC)';
COMMENT ON COLUMN org_records.content_hash IS 'hash of the record without source and time';
COMMENT ON COLUMN org_records.first_run_id IS 'the run that first stored it';
COMMENT ON COLUMN org_records.run_id IS 'the run that stored this row';

CREATE TABLE org_identifiers (
    record_id  VARCHAR NOT NULL,
    scheme     VARCHAR NOT NULL,
    identifier VARCHAR NOT NULL,
    full_id    VARCHAR NOT NULL,
    is_own     BOOLEAN NOT NULL
);
COMMENT ON TABLE org_identifiers IS 'One row per record and official number that it states, its own included';
COMMENT ON COLUMN org_identifiers.record_id IS 'the record';
COMMENT ON COLUMN org_identifiers.scheme IS 'list code';
COMMENT ON COLUMN org_identifiers.identifier IS 'the number';
COMMENT ON COLUMN org_identifiers.full_id IS 'scheme-identifier';
COMMENT ON COLUMN org_identifiers.is_own IS 'the number is the record''s own';

CREATE TABLE organization_names (
    record_id     VARCHAR NOT NULL,
    name          VARCHAR NOT NULL,
    kind          VARCHAR NOT NULL,
    position      INTEGER NOT NULL,
    valid_from_on DATE,
    valid_to_on   DATE,
    is_current    BOOLEAN NOT NULL,
    replaced_at   TIMESTAMP
);
COMMENT ON TABLE organization_names IS 'One row per record, name and kind, replaced ones included';
COMMENT ON COLUMN organization_names.record_id IS 'the record';
COMMENT ON COLUMN organization_names.name IS 'as the register writes it';
COMMENT ON COLUMN organization_names.kind IS 'legal, trade, former, alias or short';
COMMENT ON COLUMN organization_names.position IS 'its place in the record, 0 first';
COMMENT ON COLUMN organization_names.valid_from_on IS 'since when, if stated';
COMMENT ON COLUMN organization_names.valid_to_on IS 'until when, if stated';
COMMENT ON COLUMN organization_names.is_current IS 'the record still has it';
COMMENT ON COLUMN organization_names.replaced_at IS 'when we saw that it was gone (UTC)';

CREATE TABLE org_changes (
    change_id       VARCHAR NOT NULL,
    record_id       VARCHAR NOT NULL,
    field           VARCHAR NOT NULL,
    before_value    VARCHAR,
    after_value     VARCHAR,
    effective_on    DATE,
    published_at    TIMESTAMP NOT NULL,
    source_id       VARCHAR NOT NULL,
    url             VARCHAR NOT NULL,
    details         JSON NOT NULL,
    state           VARCHAR NOT NULL,
    outcome         VARCHAR,
    expires_on      DATE,
    first_run_id    VARCHAR NOT NULL,
    analysed_run_id VARCHAR
);
COMMENT ON TABLE org_changes IS 'One row per change that a register published';
COMMENT ON COLUMN org_changes.change_id IS 'content hash of record, field, number or date, and new value';
COMMENT ON COLUMN org_changes.record_id IS 'the record';
COMMENT ON COLUMN org_changes.field IS 'created, name, address, industry, employees, legal_form, status, capital, accounts, website, roles or parent';
COMMENT ON COLUMN org_changes.before_value IS 'as a person reads it: from the register, else from our stored record';
COMMENT ON COLUMN org_changes.after_value IS 'as a person reads it';
COMMENT ON COLUMN org_changes.effective_on IS 'the day it took effect, as the register says';
COMMENT ON COLUMN org_changes.published_at IS 'when the register published it (UTC)';
COMMENT ON COLUMN org_changes.source_id IS 'the source';
COMMENT ON COLUMN org_changes.url IS 'where a person can see it';
COMMENT ON COLUMN org_changes.details IS 'the register''s own details: {key: text}';
COMMENT ON COLUMN org_changes.state IS 'pending or analysed';
COMMENT ON COLUMN org_changes.outcome IS 'event, or why it made none; null while pending';
COMMENT ON COLUMN org_changes.expires_on IS 'when its values are blanked, because they may name persons; null: never';
COMMENT ON COLUMN org_changes.first_run_id IS 'the run that first stored it';
COMMENT ON COLUMN org_changes.analysed_run_id IS 'the run that analysed it';

CREATE TABLE organizations (
    organization_id VARCHAR NOT NULL,
    merged_into_id  VARCHAR,
    first_seen_at   TIMESTAMP NOT NULL,
    first_run_id    VARCHAR NOT NULL,
    run_number      INTEGER NOT NULL
);
COMMENT ON TABLE organizations IS 'One row per organisation: the minted identity that records are linked to';
COMMENT ON COLUMN organizations.organization_id IS 'content hash of its first record''s id';
COMMENT ON COLUMN organizations.merged_into_id IS 'the organisation it turned out to be; null: it stands';
COMMENT ON COLUMN organizations.first_seen_at IS 'logical time of its first record (UTC)';
COMMENT ON COLUMN organizations.first_run_id IS 'the run that minted it';
COMMENT ON COLUMN organizations.run_number IS 'number of that run';

CREATE TABLE organization_links (
    record_id       VARCHAR NOT NULL,
    organization_id VARCHAR NOT NULL,
    basis           VARCHAR NOT NULL,
    probability     DOUBLE NOT NULL,
    linked_at       TIMESTAMP NOT NULL,
    unlinked_at     TIMESTAMP,
    run_id          VARCHAR NOT NULL
);
COMMENT ON TABLE organization_links IS 'One row per record and organisation it was ever linked to; reversible';
COMMENT ON COLUMN organization_links.record_id IS 'the record';
COMMENT ON COLUMN organization_links.organization_id IS 'the organisation';
COMMENT ON COLUMN organization_links.basis IS 'own (minted from this record), identifier (a shared official number) or match';
COMMENT ON COLUMN organization_links.probability IS 'that they are the same, 0 to 1';
COMMENT ON COLUMN organization_links.linked_at IS 'logical time (UTC)';
COMMENT ON COLUMN organization_links.unlinked_at IS 'logical time at which the link was undone (UTC); null: it holds';
COMMENT ON COLUMN organization_links.run_id IS 'the run that stored this row';

CREATE TABLE facts (
    fact_number     BIGINT NOT NULL,
    organization_id VARCHAR NOT NULL,
    record_id       VARCHAR,
    attribute       VARCHAR NOT NULL,
    value           JSON,
    value_type      VARCHAR NOT NULL,
    valid_from_on   DATE,
    known_from_at   TIMESTAMP NOT NULL,
    source_id       VARCHAR NOT NULL,
    confidence      DOUBLE NOT NULL,
    cause_id        VARCHAR NOT NULL,
    run_id          VARCHAR NOT NULL,
    run_number      INTEGER NOT NULL
);
COMMENT ON TABLE facts IS 'One row per value of an attribute that we ever learned: append-only, so that the past can be asked';
COMMENT ON COLUMN facts.fact_number IS '1, 2, 3 …: the order in which facts were stored';
COMMENT ON COLUMN facts.organization_id IS 'the organisation at the time of storing; a record''s facts follow the record''s link';
COMMENT ON COLUMN facts.record_id IS 'the record that states it; null: an event did';
COMMENT ON COLUMN facts.attribute IS 'such as industry, employees, city, status';
COMMENT ON COLUMN facts.value IS 'the value; null: the record no longer states one';
COMMENT ON COLUMN facts.value_type IS 'text, integer, number, decimal, date, boolean or list';
COMMENT ON COLUMN facts.valid_from_on IS 'since when it is true, if stated';
COMMENT ON COLUMN facts.known_from_at IS 'since when we know it (UTC)';
COMMENT ON COLUMN facts.source_id IS 'the source';
COMMENT ON COLUMN facts.confidence IS '0 to 1; a register is 1';
COMMENT ON COLUMN facts.cause_id IS 'the event or change that set it; empty: none';
COMMENT ON COLUMN facts.run_id IS 'the run that stored this row';
COMMENT ON COLUMN facts.run_number IS 'number of that run';

CREATE TABLE tombstones (
    tombstone_id VARCHAR NOT NULL,
    source_id    VARCHAR NOT NULL,
    removed_at   TIMESTAMP NOT NULL,
    run_id       VARCHAR NOT NULL
);
COMMENT ON TABLE tombstones IS 'One row per record that a source asked to delete: only a hash stays, so that it does not come back';
COMMENT ON COLUMN tombstones.tombstone_id IS 'content hash of the record id';
COMMENT ON COLUMN tombstones.source_id IS 'the source that asked';
COMMENT ON COLUMN tombstones.removed_at IS 'logical time of the deletion (UTC)';
COMMENT ON COLUMN tombstones.run_id IS 'the run that stored this row';
