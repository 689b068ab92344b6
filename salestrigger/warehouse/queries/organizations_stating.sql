-- organisations that state one of the staged values of the attribute, now or earlier; all that state any when unrestricted
SELECT DISTINCT coalesce(o.merged_into_id, l.organization_id, f.organization_id) AS organization_id
FROM facts AS f
LEFT JOIN organization_links AS l ON l.record_id = f.record_id AND l.unlinked_at IS NULL
LEFT JOIN organizations AS o ON o.organization_id = coalesce(l.organization_id, f.organization_id)
WHERE f.attribute = $attribute AND (NOT $is_restricted OR (f.value ->> '$') IN (SELECT record_id FROM staged_ids))
ORDER BY 1;
