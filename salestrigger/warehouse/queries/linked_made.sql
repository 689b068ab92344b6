-- links of one's own rows, and links by name, that a person may want to look at or undo
SELECT l.record_id, r.name AS listed_as, o.organization_id, o.name AS is_now, o.country, o.city, l.basis, l.probability
FROM organization_links AS l
JOIN org_records AS r ON r.record_id = l.record_id
JOIN organizations AS k ON k.organization_id = l.organization_id
JOIN organizations_current AS o ON o.organization_id = coalesce(k.merged_into_id, k.organization_id)
WHERE l.unlinked_at IS NULL AND l.basis <> 'own'
  AND (l.basis = 'match' OR starts_with(l.record_id, 'ACCOUNT-'))
ORDER BY l.probability, l.record_id;
