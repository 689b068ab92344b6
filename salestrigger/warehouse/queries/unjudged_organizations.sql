-- organisations that stand and whose last fit to the profile is by another version of it, or that have none
SELECT DISTINCT coalesce(o.merged_into_id, l.organization_id) AS organization_id
FROM organization_links AS l
JOIN organizations AS o ON o.organization_id = l.organization_id
WHERE l.unlinked_at IS NULL AND coalesce(o.merged_into_id, l.organization_id) NOT IN (
    SELECT organization_id FROM fits WHERE profile = $profile
    GROUP BY organization_id HAVING arg_max(profile_version, run_number) = $profile_version
)
ORDER BY 1;
