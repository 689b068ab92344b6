-- organisations of which anything that is read of them may differ from what it was when the given run was analysed: seen
-- first, another record or name, another link, another fact (the run's own news too), or one that became true since
WITH later AS (SELECT run_id FROM runs WHERE run_number > $run_number),

relinked AS (
    SELECT DISTINCT record_id FROM organization_links
    WHERE run_id IN (SELECT run_id FROM later) OR linked_at > $at OR unlinked_at > $at
),

changed AS (
    SELECT organization_id FROM organizations WHERE run_number > $run_number
    UNION
    SELECT l.organization_id FROM organization_links AS l
    JOIN org_records AS r ON r.record_id = l.record_id
    WHERE r.run_id IN (SELECT run_id FROM later)
    UNION
    SELECT organization_id FROM organization_links WHERE record_id IN (SELECT record_id FROM relinked)
    UNION
    SELECT coalesce(l.organization_id, f.organization_id) FROM facts AS f
    LEFT JOIN organization_links AS l ON l.record_id = f.record_id AND l.unlinked_at IS NULL
    WHERE f.run_number > $run_number OR f.valid_from_on > $on
        OR (f.run_number = $run_number AND f.record_id IS NULL)
)

SELECT DISTINCT coalesce(o.merged_into_id, c.organization_id) AS organization_id
FROM changed AS c
LEFT JOIN organizations AS o ON o.organization_id = c.organization_id
ORDER BY 1;
