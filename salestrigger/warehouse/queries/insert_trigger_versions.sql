-- a new version only when something about the trigger changed
INSERT INTO trigger_versions (trigger_id, version_number, profile_version, effect, cause,
        profile_version_before, verdict_before,
        fit_lower_before, fit_upper_before, criteria_before, verdict, fit_lower, fit_upper, criteria, flipped,
        valid_from_on, valid_until_on, rank, rank_terms, held_back, why_now, due_on, content_hash,
        recorded_at, run_id)
WITH last AS (
    SELECT v.* FROM trigger_versions AS v
    SEMI JOIN staged_triggers AS s ON s.trigger_id = v.trigger_id
    QUALIFY row_number() OVER (PARTITION BY v.trigger_id ORDER BY v.version_number DESC) = 1
)
SELECT s.trigger_id, coalesce(l.version_number, 0) + 1, s.profile_version, s.effect, s.cause, s.profile_version_before, s.verdict_before,
       s.fit_lower_before, s.fit_upper_before, s.criteria_before::JSON, s.verdict, s.fit_lower, s.fit_upper,
       s.criteria::JSON, s.flipped, s.valid_from_on, s.valid_until_on, s.rank, s.rank_terms::JSON, s.held_back,
       s.why_now, s.due_on, s.content_hash, $at, $run_id
FROM (SELECT * FROM staged_triggers
      QUALIFY row_number() OVER (PARTITION BY trigger_id ORDER BY content_hash) = 1) AS s
LEFT JOIN last AS l ON l.trigger_id = s.trigger_id
WHERE l.content_hash IS DISTINCT FROM s.content_hash;
