CREATE OR REPLACE VIEW link_review AS
SELECT c.record_id, r.name AS listed_as, c.organization_id, o.name AS may_be, o.country, o.city, c.probability,
       c.evidence, c.decided_at AS found_at
FROM link_candidates AS c
JOIN org_records AS r ON r.record_id = c.record_id
JOIN organizations_current AS o ON o.organization_id = c.organization_id
WHERE c.decision = 'review';
COMMENT ON VIEW link_review IS 'One row per record without a number (of one''s own list, or a LEI holder) that may be an organisation, but not surely enough to be linked';
COMMENT ON COLUMN link_review.record_id IS 'the record, as ACCOUNT-… or XI-LEI-…';
COMMENT ON COLUMN link_review.listed_as IS 'its name there';
COMMENT ON COLUMN link_review.organization_id IS 'the organisation that it may be';
COMMENT ON COLUMN link_review.may_be IS 'that organisation''s name';
COMMENT ON COLUMN link_review.country IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN link_review.city IS 'city of its first address';
COMMENT ON COLUMN link_review.probability IS 'that they are the same, 0 to 1';
COMMENT ON COLUMN link_review.evidence IS 'why, in words';
COMMENT ON COLUMN link_review.found_at IS 'logical time of the run that found it (UTC)';
