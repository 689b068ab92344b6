SELECT count(*) AS changed_count
FROM (SELECT * FROM staged_records QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY position) = 1) AS s
ANTI JOIN org_records AS r ON r.record_id = s.record_id AND r.content_hash = s.content_hash;
