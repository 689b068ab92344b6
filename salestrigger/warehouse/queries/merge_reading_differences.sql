-- where they differ from the rules, once
MERGE INTO second_reading_differences AS t
USING (SELECT * FROM staged_differences
       QUALIFY row_number() OVER (PARTITION BY document_id, position ORDER BY kind) = 1) AS s
ON t.run_id = $run_id AND t.document_id = s.document_id AND t.position = s.position
WHEN NOT MATCHED THEN INSERT (run_id, document_id, position, kind, event_type, rules_say, reader_says)
    VALUES ($run_id, s.document_id, s.position, s.kind, s.event_type, s.rules_say, s.reader_says);
