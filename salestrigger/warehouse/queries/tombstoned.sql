SELECT t.tombstone_id, coalesce(s.adapter, '') AS adapter FROM tombstones AS t
LEFT JOIN sources AS s ON s.source_id = t.source_id
ORDER BY t.tombstone_id;
