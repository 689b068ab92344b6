SELECT * RENAME (expected_per_day AS per_day) FROM source_health ORDER BY source_id;
