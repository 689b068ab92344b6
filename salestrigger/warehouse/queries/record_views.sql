MERGE INTO view_versions AS v
USING (SELECT $checksum AS checksum) AS s ON TRUE
WHEN MATCHED THEN UPDATE SET checksum = s.checksum
WHEN NOT MATCHED THEN INSERT (checksum) VALUES (s.checksum);
