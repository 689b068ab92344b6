-- organisations of which something was learned after the given run, or became true after its day
SELECT DISTINCT coalesce(o.merged_into_id, l.organization_id, f.organization_id) AS organization_id
FROM facts AS f
LEFT JOIN organization_links AS l ON l.record_id = f.record_id AND l.unlinked_at IS NULL
LEFT JOIN organizations AS o ON o.organization_id = coalesce(l.organization_id, f.organization_id)
WHERE f.run_number > $run_number OR f.valid_from_on > $on
ORDER BY 1;
