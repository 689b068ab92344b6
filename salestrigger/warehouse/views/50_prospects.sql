CREATE OR REPLACE VIEW prospects AS
WITH latest AS (
    SELECT coalesce(o.merged_into_id, f.organization_id) AS holder_id, f.*
    FROM fits AS f
    JOIN organizations AS o ON o.organization_id = f.organization_id
    QUALIFY row_number() OVER (
        PARTITION BY coalesce(o.merged_into_id, f.organization_id), f.profile
        ORDER BY f.run_number DESC, f.organization_id
    ) = 1
),
open_triggers AS (
    SELECT organization_id, profile, count(*) AS open_trigger_count, arg_max(trigger_id, rank) AS best_trigger_id,
           max(rank) AS best_rank
    FROM trigger_feed WHERE is_open AND held_back = '' AND effect <> 'none'
    GROUP BY organization_id, profile
)
SELECT f.holder_id AS organization_id, c.name AS company, c.country, c.city, coalesce(c.relation, '') AS relation,
       f.profile, f.profile_version, f.verdict,
       CASE WHEN c.relation = 'customer' THEN 'customer' WHEN f.verdict = 'fits' THEN 'prospect' ELSE 'suspect' END
           AS stage,
       greatest(f.fit_lower, coalesce(t.best_rank, 0)) AS score, f.fit_lower, f.fit_upper, f.criteria,
       coalesce(t.open_trigger_count, 0) AS open_trigger_count, t.best_trigger_id, t.best_rank, f.recorded_at
FROM latest AS f
LEFT JOIN organizations_current AS c ON c.organization_id = f.holder_id
LEFT JOIN open_triggers AS t ON t.organization_id = f.holder_id AND t.profile = f.profile;
COMMENT ON VIEW prospects IS 'One row per organisation and profile: the fit that holds and what is open';
COMMENT ON COLUMN prospects.organization_id IS 'the organisation, merges resolved';
COMMENT ON COLUMN prospects.company IS 'its legal name';
COMMENT ON COLUMN prospects.country IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN prospects.city IS 'city';
COMMENT ON COLUMN prospects.relation IS 'suppressed, customer, competitor, supplier, account or empty';
COMMENT ON COLUMN prospects.profile IS 'name of the profile';
COMMENT ON COLUMN prospects.profile_version IS 'hash of its content';
COMMENT ON COLUMN prospects.verdict IS 'fits, does_not_fit, unknown or excluded';
COMMENT ON COLUMN prospects.stage IS 'customer (on one''s own list), prospect (fits) or suspect (unknown or not fitting)';
COMMENT ON COLUMN prospects.score IS '0 to 100: the better of two: fit_lower, and the rank of the best open trigger that is told';
COMMENT ON COLUMN prospects.fit_lower IS '0 to 100, if everything unknown speaks against it';
COMMENT ON COLUMN prospects.fit_upper IS '0 to 100, if everything unknown speaks for it';
COMMENT ON COLUMN prospects.criteria IS '[{name, need, state, weight, value, wanted, source_id, as_of, lookup}]';
COMMENT ON COLUMN prospects.open_trigger_count IS 'open triggers that are told';
COMMENT ON COLUMN prospects.best_trigger_id IS 'the one of the highest rank';
COMMENT ON COLUMN prospects.best_rank IS 'its rank, 0 to 100';
COMMENT ON COLUMN prospects.recorded_at IS 'logical time of this fit (UTC)';
