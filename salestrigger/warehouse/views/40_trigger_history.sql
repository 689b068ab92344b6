CREATE OR REPLACE VIEW trigger_history AS
WITH last_run AS (SELECT max(as_of_at) AS as_of_at FROM runs),
versions AS (
    SELECT v.*, lead(v.recorded_at) OVER w AS superseded_at, lead(v.version_number) OVER w IS NULL AS is_latest,
           v.due_on IS NOT NULL AND v.due_on IS DISTINCT FROM lag(v.due_on) OVER w AS is_due
    FROM trigger_versions AS v
    WINDOW w AS (PARTITION BY v.trigger_id ORDER BY v.version_number)
),
roles AS (
    SELECT r.event_id, r.role, coalesce(o.merged_into_id, r.organization_id) AS organization_id, r.surface, r.mention_id,
           r.probability, r.decision
    FROM event_roles AS r
    JOIN organizations AS o ON o.organization_id = r.organization_id
    QUALIFY row_number() OVER (
        PARTITION BY r.event_id, r.role, coalesce(o.merged_into_id, r.organization_id)
        ORDER BY r.probability DESC, r.position
    ) = 1
),
reasons AS (  -- a mention read again may by now mean another organisation than its event still has
    SELECT m.mention_id, coalesce(o.merged_into_id, m.organization_id) AS organization_id, m.namesakes_count,
           m.runner_up_id, m.evidence
    FROM matches AS m
    JOIN organizations AS o ON o.organization_id = m.organization_id
),
told AS (
    SELECT trigger_id, min(reported_at) AS first_reported_at, max(version_number) AS told_version_number
    FROM reported_triggers GROUP BY trigger_id
),
numbers AS (
    SELECT organization_id, to_json(list(full_id ORDER BY id_kind <> 'register', full_id)) AS identifiers
    FROM organization_ids GROUP BY organization_id
),
origins AS (
    SELECT s.event_id, min(s.document_id) AS change_id
    FROM event_sources AS s JOIN org_changes AS c ON c.change_id = s.document_id GROUP BY s.event_id
)
SELECT t.trigger_id, t.event_id, coalesce(t.change_id, n.change_id) AS change_id,
       coalesce(o.merged_into_id, t.organization_id) AS organization_id, c.name AS company, c.country, c.city,
       c.municipality, c.municipality_code, c.website, coalesce(i.identifiers, '[]'::JSON) AS identifiers, coalesce(c.relation, '') AS relation,
       coalesce(c.has_marketing_block, FALSE) AS has_marketing_block,
       t.profile, v.profile_version, t.role, coalesce(e.type, 'change_' || g.field) AS event_type, v.effect, v.cause,
       e.modality, e.event_on, coalesce(e.effective_on, g.effective_on) AS effective_on, e.event_precision, e.language,
       coalesce(e.quote, '') AS quote, coalesce(e.organizations, '[]'::JSON) AS roles,
       coalesce(e.attributes, '[]'::JSON) AS attributes,
       e.confidence,
       CASE WHEN g.change_id IS NULL THEN r.probability END AS match_probability,
       CASE WHEN g.change_id IS NULL THEN r.decision END AS match_decision, coalesce(r.surface, '') AS mention,
       coalesce(m.namesakes_count, 0) AS namesakes_count, m.runner_up_id, p.name AS runner_up,
       coalesce(m.evidence, '[]'::JSON) AS match_evidence, g.field AS change_field, g.before_value AS change_before,
       g.after_value AS change_after, g.url AS change_url, coalesce(g.details, '{}'::JSON) AS change_details,
       v.flipped, v.verdict, v.verdict_before, v.fit_lower, v.fit_upper, v.criteria, v.rank, v.rank_terms, v.held_back,
       v.why_now, v.due_on, v.is_due, d.told_version_number, v.valid_from_on, v.valid_until_on,
       v.valid_until_on IS NULL OR v.valid_until_on >= (SELECT as_of_at::DATE FROM last_run) AS is_open,
       coalesce(e.sources, '[]'::JSON) AS sources, coalesce(e.document_count, 1) AS document_count,
       coalesce(e.independent_source_count, 1) AS independent_source_count,
       coalesce(e.first_published_at, g.published_at) AS first_published_at,
       t.first_recorded_at, v.recorded_at, v.superseded_at, v.run_id, t.first_run_id, v.version_number, v.is_latest,
       d.first_reported_at
FROM triggers AS t
JOIN versions AS v ON v.trigger_id = t.trigger_id
JOIN organizations AS o ON o.organization_id = t.organization_id
LEFT JOIN organizations_current AS c ON c.organization_id = coalesce(o.merged_into_id, t.organization_id)
LEFT JOIN numbers AS i ON i.organization_id = coalesce(o.merged_into_id, t.organization_id)
LEFT JOIN events AS x ON x.event_id = t.event_id
LEFT JOIN events_current AS e ON e.event_id = coalesce(x.merged_into_id, t.event_id)
LEFT JOIN origins AS n ON n.event_id = t.event_id
LEFT JOIN org_changes AS g ON g.change_id = coalesce(t.change_id, n.change_id)
LEFT JOIN roles AS r ON r.event_id = e.event_id AND r.role = t.role
    AND r.organization_id = coalesce(o.merged_into_id, t.organization_id)
LEFT JOIN reasons AS m ON m.mention_id = r.mention_id AND m.organization_id = r.organization_id
LEFT JOIN organizations_current AS p ON p.organization_id = m.runner_up_id
LEFT JOIN told AS d ON d.trigger_id = t.trigger_id;
COMMENT ON VIEW trigger_history IS 'One row per trigger and version: how each version stood; event and organisation as they stand now';
COMMENT ON COLUMN trigger_history.trigger_id IS 'the trigger';
COMMENT ON COLUMN trigger_history.event_id IS 'the event behind it; null: a bare register change';
COMMENT ON COLUMN trigger_history.change_id IS 'the register change behind it, also when it made an event; null: news';
COMMENT ON COLUMN trigger_history.organization_id IS 'the organisation, merges resolved';
COMMENT ON COLUMN trigger_history.company IS 'its legal name';
COMMENT ON COLUMN trigger_history.country IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN trigger_history.city IS 'city';
COMMENT ON COLUMN trigger_history.municipality IS 'municipality';
COMMENT ON COLUMN trigger_history.municipality_code IS 'its number in the country, such as 0301';
COMMENT ON COLUMN trigger_history.website IS 'its website';
COMMENT ON COLUMN trigger_history.identifiers IS 'its official numbers: [scheme-number]';
COMMENT ON COLUMN trigger_history.relation IS 'suppressed, customer, competitor, supplier, account or empty';
COMMENT ON COLUMN trigger_history.has_marketing_block IS 'a register says: no unsolicited marketing';
COMMENT ON COLUMN trigger_history.profile IS 'name of the profile';
COMMENT ON COLUMN trigger_history.profile_version IS 'hash of its content when it was evaluated';
COMMENT ON COLUMN trigger_history.role IS 'the organisation''s part in the event';
COMMENT ON COLUMN trigger_history.event_type IS 'a name of the lexicon; change_<field> for a bare register change';
COMMENT ON COLUMN trigger_history.effect IS 'enters_icp, leaves_icp, hook, hook_unknown_fit, watched or none';
COMMENT ON COLUMN trigger_history.cause IS 'changed, learned, profile_edited or first_load';
COMMENT ON COLUMN trigger_history.modality IS 'rumour, planned, announced, in_progress, completed, cancelled or denied; null for a bare register change';
COMMENT ON COLUMN trigger_history.event_on IS 'when it happens or happened, if stated';
COMMENT ON COLUMN trigger_history.effective_on IS 'when it takes effect, if stated';
COMMENT ON COLUMN trigger_history.event_precision IS 'day, month, quarter or year';
COMMENT ON COLUMN trigger_history.language IS 'BCP 47 of the quote';
COMMENT ON COLUMN trigger_history.quote IS 'at most 150 characters, in the original language; empty for a bare register change';
COMMENT ON COLUMN trigger_history.roles IS 'who has which part in the event: [{role, organization_id, name, surface, decision, probability}]';
COMMENT ON COLUMN trigger_history.attributes IS 'values that belong to the event: [{key, value, unit}]';
COMMENT ON COLUMN trigger_history.confidence IS 'that it happened, 0 to 1; null for a bare register change';
COMMENT ON COLUMN trigger_history.match_probability IS 'that it is this organisation, 0 to 1; null when the register itself names it';
COMMENT ON COLUMN trigger_history.match_decision IS 'accept, review or reject; null when the register itself names it';
COMMENT ON COLUMN trigger_history.mention IS 'the organisation as written';
COMMENT ON COLUMN trigger_history.namesakes_count IS 'other organisations with the same core name';
COMMENT ON COLUMN trigger_history.runner_up_id IS 'the second best organisation';
COMMENT ON COLUMN trigger_history.runner_up IS 'its name';
COMMENT ON COLUMN trigger_history.match_evidence IS 'reasons: [{feature, value, weight, says}]';
COMMENT ON COLUMN trigger_history.change_field IS 'the field that the register changed';
COMMENT ON COLUMN trigger_history.change_before IS 'its old value';
COMMENT ON COLUMN trigger_history.change_after IS 'its new value';
COMMENT ON COLUMN trigger_history.change_url IS 'where a person can see it';
COMMENT ON COLUMN trigger_history.change_details IS 'the register''s own details: {key: text}';
COMMENT ON COLUMN trigger_history.flipped IS 'the criterion that decided enters or leaves; empty otherwise';
COMMENT ON COLUMN trigger_history.verdict IS 'the fit after: fits, does_not_fit, unknown or excluded';
COMMENT ON COLUMN trigger_history.verdict_before IS 'the fit before; null: not known';
COMMENT ON COLUMN trigger_history.fit_lower IS '0 to 100, if everything unknown speaks against it';
COMMENT ON COLUMN trigger_history.fit_upper IS '0 to 100, if everything unknown speaks for it';
COMMENT ON COLUMN trigger_history.criteria IS '[{name, need, state, weight, value, wanted, source_id, as_of, lookup}]';
COMMENT ON COLUMN trigger_history.rank IS '0 to 100';
COMMENT ON COLUMN trigger_history.rank_terms IS '[{name, value (0 to 1), says}]';
COMMENT ON COLUMN trigger_history.held_back IS 'why it is not told; empty: it is';
COMMENT ON COLUMN trigger_history.why_now IS 'one sentence';
COMMENT ON COLUMN trigger_history.due_on IS 'the planned day on which it was told again; null: not yet, or not planned';
COMMENT ON COLUMN trigger_history.is_due IS 'this version tells it again, because its planned day came';
COMMENT ON COLUMN trigger_history.told_version_number IS 'number of the last version that was told; null: none';
COMMENT ON COLUMN trigger_history.valid_from_on IS 'not before this day';
COMMENT ON COLUMN trigger_history.valid_until_on IS 'until this day; null: does not expire';
COMMENT ON COLUMN trigger_history.is_open IS 'on the logical day of the last run it is not past its last day';
COMMENT ON COLUMN trigger_history.sources IS 'who tells of it, the first published one first: [{document_id, url, title, source_id, publisher, published_at, quote, copy_group, modality}]';
COMMENT ON COLUMN trigger_history.document_count IS 'documents and register changes that tell of it';
COMMENT ON COLUMN trigger_history.independent_source_count IS 'the same, copies of one text counted once';
COMMENT ON COLUMN trigger_history.first_published_at IS 'when the first of them was published (UTC): not the day of the event';
COMMENT ON COLUMN trigger_history.first_recorded_at IS 'logical time at which the trigger was first stored (UTC)';
COMMENT ON COLUMN trigger_history.recorded_at IS 'logical time of this version (UTC)';
COMMENT ON COLUMN trigger_history.superseded_at IS 'logical time of the next version (UTC); null: this one holds';
COMMENT ON COLUMN trigger_history.run_id IS 'the run that stored this version';
COMMENT ON COLUMN trigger_history.first_run_id IS 'the run that first stored the trigger';
COMMENT ON COLUMN trigger_history.version_number IS 'number of this version';
COMMENT ON COLUMN trigger_history.is_latest IS 'this is the version that holds';
COMMENT ON COLUMN trigger_history.first_reported_at IS 'logical time at which it was first told to anybody (UTC); null: not yet';
