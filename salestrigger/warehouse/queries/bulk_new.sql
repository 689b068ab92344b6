-- staged records of a bulk file that were never stored, may be stored, and state only what bulk_facts can spell
SELECT s.*
FROM staged_records AS s
ANTI JOIN org_records AS r ON r.record_id = s.record_id
ANTI JOIN tombstones AS t ON t.tombstone_id = 'gone_' || left(sha256(s.record_id), 20)
WHERE s.other_ids = '[]' AND s.revenue_amount IS NULL
ORDER BY s.position;
