-- the registers' own numbers that each organisation's records have
SELECT coalesce(o.merged_into_id, l.organization_id) AS organization_id, r.scheme, r.identifier,
       min(o.run_number) AS run_number
FROM organization_links AS l
JOIN organizations AS o ON o.organization_id = l.organization_id
JOIN org_records AS r ON r.record_id = l.record_id
WHERE l.unlinked_at IS NULL AND coalesce(o.merged_into_id, l.organization_id) IN (
    SELECT organization_id FROM staged_organizations)
GROUP BY ALL
ORDER BY ALL;
