-- the names of the staged records; one that a record no longer states is kept as replaced
MERGE INTO organization_names AS t
USING (SELECT * FROM staged_names
       QUALIFY row_number() OVER (PARTITION BY record_id, name, kind ORDER BY position) = 1) AS s
ON t.record_id = s.record_id AND t.name = s.name AND t.kind = s.kind
WHEN MATCHED AND (t.position, t.valid_from_on, t.valid_to_on, t.is_current)
    IS DISTINCT FROM (s.position, s.valid_from_on, s.valid_to_on, TRUE)
    THEN UPDATE SET position = s.position, valid_from_on = s.valid_from_on, valid_to_on = s.valid_to_on,
        is_current = TRUE, replaced_at = NULL
WHEN NOT MATCHED BY SOURCE AND t.is_current AND t.record_id IN (SELECT record_id FROM staged_names)
    THEN UPDATE SET is_current = FALSE, replaced_at = $at
WHEN NOT MATCHED THEN INSERT (record_id, name, kind, position, valid_from_on, valid_to_on, is_current)
    VALUES (s.record_id, s.name, s.kind, s.position, s.valid_from_on, s.valid_to_on, TRUE);
