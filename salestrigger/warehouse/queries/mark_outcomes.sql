-- register changes that were looked at are no longer pending
MERGE INTO org_changes AS t
USING (SELECT * FROM staged_outcomes
       QUALIFY row_number() OVER (PARTITION BY change_id ORDER BY outcome) = 1) AS s
ON t.change_id = s.change_id
WHEN MATCHED AND (t.state, t.outcome) IS DISTINCT FROM ('analysed', s.outcome)
    THEN UPDATE SET state = 'analysed', outcome = s.outcome, analysed_run_id = $run_id;
