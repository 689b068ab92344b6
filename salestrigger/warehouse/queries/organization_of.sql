-- record → organisation, merges resolved; also a number that only one organisation's records state, though the register
-- with that number has not been read: its changes concern that organisation; when restricted, of the staged ids only
WITH linked AS (
    SELECT l.record_id, coalesce(o.merged_into_id, l.organization_id) AS organization_id
    FROM organization_links AS l
    JOIN organizations AS o ON o.organization_id = l.organization_id
    WHERE l.unlinked_at IS NULL
),

stated AS (
    SELECT i.full_id AS record_id, any_value(linked.organization_id) AS organization_id
    FROM org_identifiers AS i
    JOIN linked ON linked.record_id = i.record_id
    WHERE NOT i.is_own AND i.full_id NOT IN (SELECT record_id FROM linked)
    GROUP BY i.full_id
    HAVING count(DISTINCT linked.organization_id) = 1
)

SELECT * FROM (
    SELECT record_id, organization_id FROM linked
    UNION ALL
    SELECT record_id, organization_id FROM stated
)
WHERE NOT $is_restricted OR record_id IN (SELECT record_id FROM staged_ids)
ORDER BY record_id;
