-- an organisation that all records have left is the one they went to; who was merged into it follows
UPDATE organizations SET merged_into_id = moved.organization_id
FROM (
    SELECT l.organization_id AS left_id, min(j.organization_id) AS organization_id
    FROM organization_links AS l
    JOIN staged_joins AS j ON j.record_id = l.record_id
    WHERE l.unlinked_at = $at AND l.organization_id <> j.organization_id
    GROUP BY l.organization_id
) AS moved
WHERE organizations.organization_id = moved.left_id
    AND moved.left_id NOT IN (SELECT organization_id FROM organization_links WHERE unlinked_at IS NULL);
