-- the organisation of each staged number (SCHEME-value) or organisation id that is known
SELECT s.record_id AS asked, min(coalesce(o.merged_into_id, o.organization_id)) AS organization_id
FROM staged_ids AS s
LEFT JOIN organization_ids AS i ON i.full_id = s.record_id
JOIN organizations AS o ON o.organization_id = coalesce(i.organization_id, s.record_id)
GROUP BY s.record_id
ORDER BY s.record_id;
