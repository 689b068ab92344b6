-- the staged records that are new or differ from what is stored
SELECT s.record_id
FROM (SELECT * FROM staged_records QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY position DESC) = 1) AS s
ANTI JOIN org_records AS r ON r.record_id = s.record_id AND r.content_hash = s.content_hash
ORDER BY s.record_id;
