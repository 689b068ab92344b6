-- holders of a LEI, new or changed in this run, that state no national number and stand alone: only their name can say
-- who they are
SELECT r.record_id, r.name, r.country, r.addresses ->> '$[0].city' AS city, r.website
FROM org_records AS r
JOIN organization_links AS l ON l.record_id = r.record_id AND l.unlinked_at IS NULL AND l.basis = 'own'
WHERE r.scheme = 'XI-LEI' AND r.run_id = $run_id AND NOT r.is_sole_proprietor
    AND r.status IS DISTINCT FROM 'dissolved'
    AND NOT EXISTS (SELECT 1 FROM org_identifiers AS i WHERE i.record_id = r.record_id AND NOT i.is_own)
    AND NOT EXISTS (SELECT 1 FROM link_candidates AS c WHERE c.record_id = r.record_id AND c.decision = 'confirmed')
    AND NOT EXISTS (
        SELECT 1 FROM organization_links AS o
        WHERE o.organization_id = l.organization_id AND o.record_id <> r.record_id AND o.unlinked_at IS NULL)
ORDER BY r.record_id;
