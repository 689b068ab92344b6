-- staged records of a bulk file that bulk_new leaves out and that may be stored: changed ones, and those that state more
SELECT s.*
FROM staged_records AS s
ANTI JOIN org_records AS r ON r.record_id = s.record_id AND r.content_hash = s.content_hash
ANTI JOIN tombstones AS t ON t.tombstone_id = 'gone_' || left(sha256(s.record_id), 20)
WHERE s.record_id IN (SELECT record_id FROM org_records) OR s.other_ids <> '[]' OR s.revenue_amount IS NOT NULL
ORDER BY s.position;
