-- the sources that told of the removed records, and those that ask the same register
SELECT source_id FROM sources WHERE adapter = $adapter
UNION
SELECT source_id FROM org_records WHERE record_id IN (SELECT record_id FROM staged_removed)
UNION
SELECT source_id FROM org_changes WHERE record_id IN (SELECT record_id FROM staged_removed)
ORDER BY 1;
