-- the mentions of the analysed documents, exactly
MERGE INTO mentions AS t
USING (SELECT * FROM staged_mentions
       QUALIFY row_number() OVER (PARTITION BY mention_id ORDER BY char_start) = 1) AS s
ON t.mention_id = s.mention_id
WHEN MATCHED AND (t.mention, t.char_start, t.char_end, t.prominence, t.basis, t.candidates::VARCHAR)
    IS DISTINCT FROM (s.mention, s.char_start, s.char_end, s.prominence, s.basis, s.candidates)
    THEN UPDATE SET mention = s.mention, char_start = s.char_start, char_end = s.char_end, prominence = s.prominence,
        basis = s.basis, candidates = s.candidates
WHEN NOT MATCHED BY SOURCE AND t.document_id IN (SELECT document_id FROM staged_analysed) THEN DELETE
WHEN NOT MATCHED THEN INSERT (mention_id, document_id, mention, char_start, char_end, prominence, basis, candidates)
    VALUES (s.mention_id, s.document_id, s.mention, s.char_start, s.char_end, s.prominence, s.basis, s.candidates);
