-- documents that were analysed are no longer pending
MERGE INTO documents AS t
USING (SELECT * FROM staged_analysed
       QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY outcome) = 1) AS s
ON t.document_id = s.document_id
WHEN MATCHED AND (t.state, t.outcome, t.language, t.signature)
    IS DISTINCT FROM ('analysed', s.outcome, coalesce(s.language, t.language), s.signature)
    THEN UPDATE SET state = 'analysed', outcome = s.outcome, language = coalesce(s.language, t.language),
        signature = s.signature, analysed_run_id = $run_id;
