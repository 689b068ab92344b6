-- the matches of the analysed documents, exactly
MERGE INTO matches AS t
USING (SELECT * FROM staged_matches
       QUALIFY row_number() OVER (PARTITION BY mention_id ORDER BY probability DESC) = 1) AS s
ON t.mention_id = s.mention_id
WHEN MATCHED AND (t.organization_id, t.probability, t.decision, t.runner_up_id, t.margin, t.namesakes_count,
                  t.evidence::VARCHAR)
    IS DISTINCT FROM (s.organization_id, s.probability, s.decision, s.runner_up_id, s.margin, s.namesakes_count,
                      s.evidence)
    THEN UPDATE SET organization_id = s.organization_id, probability = s.probability, decision = s.decision,
        runner_up_id = s.runner_up_id, margin = s.margin, namesakes_count = s.namesakes_count, evidence = s.evidence
WHEN NOT MATCHED BY SOURCE AND t.document_id IN (SELECT document_id FROM staged_analysed) THEN DELETE
WHEN NOT MATCHED THEN INSERT (mention_id, document_id, organization_id, probability, decision, runner_up_id, margin,
                              namesakes_count, evidence)
    VALUES (s.mention_id, s.document_id, s.organization_id, s.probability, s.decision, s.runner_up_id, s.margin,
            s.namesakes_count, s.evidence);
