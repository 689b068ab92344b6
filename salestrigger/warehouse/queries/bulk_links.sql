-- links of new records without one: to the organisation of a record that names their number, else to one of their own
-- (its id is that of link.organization_id_for)
SELECT s.record_id, coalesce(n.organization_id, 'org_' || left(sha256(s.record_id), 20)) AS organization_id,
       CASE WHEN n.organization_id IS NULL THEN 'own' ELSE 'identifier' END AS basis, 1.0::DOUBLE AS probability,
       n.organization_id IS NULL AS is_new
FROM staged_bulk AS s
LEFT JOIN (
    SELECT i.full_id, min(coalesce(o.merged_into_id, l.organization_id)) AS organization_id
    FROM org_identifiers AS i
    JOIN organization_links AS l ON l.record_id = i.record_id AND l.unlinked_at IS NULL
    JOIN organizations AS o ON o.organization_id = l.organization_id
    WHERE NOT i.is_own
    GROUP BY i.full_id
) AS n ON n.full_id = s.record_id
ANTI JOIN organization_links AS h ON h.record_id = s.record_id AND h.unlinked_at IS NULL
ORDER BY s.position;
