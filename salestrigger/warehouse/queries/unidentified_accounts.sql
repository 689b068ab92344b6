-- records of one's own lists that state no number and stand alone: only their name can say who they are
SELECT r.record_id, r.name, r.country, r.addresses ->> '$[0].city' AS city, r.website
FROM org_records AS r
JOIN organization_links AS l ON l.record_id = r.record_id AND l.unlinked_at IS NULL AND l.basis = 'own'
WHERE r.scheme = 'ACCOUNT'
    AND NOT EXISTS (SELECT 1 FROM org_identifiers AS i WHERE i.record_id = r.record_id AND NOT i.is_own)
    AND NOT EXISTS (SELECT 1 FROM link_candidates AS c WHERE c.record_id = r.record_id AND c.decision = 'confirmed')
ORDER BY r.record_id;
