SELECT tombstone_id FROM tombstones ORDER BY tombstone_id;
