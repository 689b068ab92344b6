-- records that name, as a further number, the record of another organisation (the same number named by two is one too)
WITH linked AS (
    SELECT l.record_id, l.basis, coalesce(o.merged_into_id, l.organization_id) AS organization_id
    FROM organization_links AS l
    JOIN organizations AS o ON o.organization_id = l.organization_id
    WHERE l.unlinked_at IS NULL
)
SELECT i.record_id, r.scheme, a.organization_id, i.full_id, b.organization_id AS other_id
FROM org_identifiers AS i
JOIN org_records AS r ON r.record_id = i.record_id
JOIN linked AS a ON a.record_id = i.record_id
JOIN org_identifiers AS n ON n.full_id = i.full_id AND n.record_id <> i.record_id
JOIN linked AS b ON b.record_id = n.record_id
WHERE NOT i.is_own AND a.organization_id <> b.organization_id AND NOT starts_with(n.record_id, 'ACCOUNT-')
    AND (i.record_id, b.organization_id) NOT IN (
        SELECT (record_id, organization_id) FROM link_candidates WHERE decision = 'refused')
ORDER BY i.record_id, n.is_own DESC, i.full_id, other_id;
