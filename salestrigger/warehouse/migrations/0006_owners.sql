-- Whose an organisation is: assignments by level, and who stands in for whom.
CREATE TABLE owner_assignments (
    level         VARCHAR NOT NULL,
    subject       VARCHAR NOT NULL,
    owner         VARCHAR NOT NULL,
    valid_from_on DATE NOT NULL,
    valid_to_on   DATE,
    origin        VARCHAR NOT NULL
);
COMMENT ON TABLE owner_assignments IS 'One row per subject that somebody owns and time for which he does; account goes before segment, segment before territory';
COMMENT ON COLUMN owner_assignments.level IS 'account, segment or territory';
COMMENT ON COLUMN owner_assignments.subject IS 'account: a register number or organisation id; segment: a profile; territory: NO or NO-0301';
COMMENT ON COLUMN owner_assignments.owner IS 'who owns it';
COMMENT ON COLUMN owner_assignments.valid_from_on IS 'from this day';
COMMENT ON COLUMN owner_assignments.valid_to_on IS 'until this day, included; null: until further notice';
COMMENT ON COLUMN owner_assignments.origin IS 'the file, or the system, that said so';

CREATE TABLE owner_absences (
    owner   VARCHAR NOT NULL,
    deputy  VARCHAR NOT NULL,
    from_on DATE NOT NULL,
    to_on   DATE NOT NULL
);
COMMENT ON TABLE owner_absences IS 'One row per absence of an owner, with who stands in';
COMMENT ON COLUMN owner_absences.owner IS 'who is away';
COMMENT ON COLUMN owner_absences.deputy IS 'who stands in';
COMMENT ON COLUMN owner_absences.from_on IS 'from this day';
COMMENT ON COLUMN owner_absences.to_on IS 'until this day, included';
