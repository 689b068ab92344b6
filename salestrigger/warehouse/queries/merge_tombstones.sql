MERGE INTO tombstones AS t
USING (SELECT DISTINCT tombstone_id FROM staged_removed) AS s ON t.tombstone_id = s.tombstone_id
WHEN NOT MATCHED THEN INSERT (tombstone_id, source_id, removed_at, run_id)
    VALUES (s.tombstone_id, $source_id, $at, $run_id);
