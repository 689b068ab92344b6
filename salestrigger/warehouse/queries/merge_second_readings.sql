-- the second readings of this run, once
MERGE INTO second_readings AS t
USING (SELECT * FROM staged_readings
       QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY outcome) = 1) AS s
ON t.run_id = $run_id AND t.document_id = s.document_id
WHEN NOT MATCHED THEN INSERT (run_id, document_id, mode, model, why, outcome, is_cached, input_token_count,
        output_token_count, cost)
    VALUES ($run_id, s.document_id, s.mode, s.model, s.why, s.outcome, s.is_cached, s.input_token_count,
        s.output_token_count, s.cost);
