-- organisations that only the removed records are linked to
SELECT l.organization_id
FROM organization_links AS l
GROUP BY l.organization_id
HAVING bool_and(l.record_id IN (SELECT record_id FROM staged_removed))
   AND bool_or(l.record_id IN (SELECT record_id FROM staged_removed))
ORDER BY l.organization_id;
