SELECT f.organization_id, c.name AS company, c.country, c.city, c.municipality, f.profile, f.profile_version, f.cause,
       f.verdict_before, f.verdict AS verdict_after, f.fit_lower, f.fit_upper, f.criteria, f.recorded_at, f.run_id
FROM fit_changes AS f
LEFT JOIN organizations_current AS c ON c.organization_id = f.organization_id
WHERE ($profile::VARCHAR IS NULL OR f.profile = $profile::VARCHAR)
  AND ($since::TIMESTAMP IS NULL OR f.recorded_at > $since::TIMESTAMP)
  AND ($as_of::TIMESTAMP IS NULL OR f.recorded_at <= $as_of::TIMESTAMP)
ORDER BY f.recorded_at DESC, f.fit_lower DESC, f.organization_id, f.profile, f.run_number DESC
LIMIT coalesce($limit::BIGINT, 9223372036854775807);
