-- the numbers of the staged records, exactly
MERGE INTO org_identifiers AS t
USING (SELECT DISTINCT record_id, scheme, identifier, full_id, is_own FROM staged_identifiers) AS s
ON t.record_id = s.record_id AND t.full_id = s.full_id
WHEN NOT MATCHED BY SOURCE AND t.record_id IN (SELECT record_id FROM staged_identifiers) THEN DELETE
WHEN NOT MATCHED THEN INSERT (record_id, scheme, identifier, full_id, is_own)
    VALUES (s.record_id, s.scheme, s.identifier, s.full_id, s.is_own);
