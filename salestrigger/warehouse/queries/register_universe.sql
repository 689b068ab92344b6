-- every organisation that a register (or another public list) has a record of, with all its names
WITH linked AS (
    SELECT l.record_id, coalesce(o.merged_into_id, l.organization_id) AS organization_id
    FROM organization_links AS l
    JOIN organizations AS o ON o.organization_id = l.organization_id
    WHERE l.unlinked_at IS NULL
),
registered AS (
    SELECT linked.organization_id, linked.record_id, r.name, r.country, r.addresses, r.website
    FROM linked
    JOIN org_records AS r ON r.record_id = linked.record_id
    WHERE r.scheme <> 'ACCOUNT' AND NOT r.is_sole_proprietor
)
SELECT g.organization_id AS org_id, arg_min(g.name, g.record_id) AS name,
       string_agg(DISTINCT n.name, '|' ORDER BY n.name) AS aliases,
       min(g.country) AS country, min(g.addresses ->> '$[0].city') AS city, min(g.website) AS website
FROM registered AS g
LEFT JOIN organization_names AS n ON n.record_id = g.record_id AND n.is_current AND n.kind <> 'former'
GROUP BY g.organization_id
ORDER BY g.organization_id;
