-- organisations of national registers that one of the staged LEI holders may be: in its country, with a name that begins
-- alike, and without a LEI of their own
WITH asked AS (
    SELECT DISTINCT r.country, left(upper(r.name), 4) AS begins
    FROM staged_ids AS s
    JOIN org_records AS r ON r.record_id = s.record_id
),
linked AS (
    SELECT l.record_id, coalesce(o.merged_into_id, l.organization_id) AS organization_id
    FROM organization_links AS l
    JOIN organizations AS o ON o.organization_id = l.organization_id
    WHERE l.unlinked_at IS NULL
),
registered AS (
    SELECT linked.organization_id, r.record_id, r.name, r.country, r.addresses, r.website
    FROM linked
    JOIN org_records AS r ON r.record_id = linked.record_id
    WHERE r.scheme NOT IN ('ACCOUNT', 'XI-LEI') AND NOT r.is_sole_proprietor
        AND linked.organization_id NOT IN (
            SELECT h.organization_id FROM linked AS h WHERE h.record_id LIKE 'XI-LEI-%')
),
alike AS (
    SELECT DISTINCT g.organization_id
    FROM registered AS g
    JOIN organization_names AS n ON n.record_id = g.record_id AND n.is_current
    JOIN asked AS a ON a.country = g.country AND a.begins = left(upper(n.name), 4)
)
SELECT g.organization_id AS org_id, arg_min(g.name, g.record_id) AS name,
       string_agg(DISTINCT n.name, '|' ORDER BY n.name) AS aliases,
       min(g.country) AS country, min(g.addresses ->> '$[0].city') AS city, min(g.website) AS website
FROM registered AS g
JOIN alike AS a ON a.organization_id = g.organization_id
LEFT JOIN organization_names AS n ON n.record_id = g.record_id AND n.is_current AND n.kind <> 'former'
GROUP BY g.organization_id
ORDER BY g.organization_id;
