MERGE INTO events AS t
USING (SELECT * FROM staged_events QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY confidence DESC) = 1) AS s
ON t.event_id = s.event_id
WHEN MATCHED AND (t.type, t.modality, t.quote, t.quote_start, t.quote_end, t.sentence_start, t.sentence_end,
                  t.confidence, t.language, t.event_on, t.effective_on, t.event_precision, t.evidence::VARCHAR,
                  t.merged_into_id)
    IS DISTINCT FROM (s.type, s.modality, s.quote, s.quote_start, s.quote_end, s.sentence_start, s.sentence_end,
                      s.confidence, s.language, s.event_on, s.effective_on, s.event_precision, s.evidence,
                      s.merged_into_id)
    THEN UPDATE SET type = s.type, modality = s.modality, quote = s.quote, quote_start = s.quote_start,
        quote_end = s.quote_end, sentence_start = s.sentence_start, sentence_end = s.sentence_end,
        confidence = s.confidence, language = s.language, event_on = s.event_on, effective_on = s.effective_on,
        event_precision = s.event_precision, evidence = s.evidence, merged_into_id = s.merged_into_id,
        recorded_at = $at, run_id = $run_id
WHEN NOT MATCHED THEN INSERT (event_id, type, modality, quote, quote_start, quote_end, sentence_start, sentence_end,
        confidence, language, event_on, effective_on, event_precision, evidence, merged_into_id, first_recorded_at,
        recorded_at, first_run_id, run_id)
    VALUES (s.event_id, s.type, s.modality, s.quote, s.quote_start, s.quote_end, s.sentence_start, s.sentence_end,
        s.confidence, s.language, s.event_on, s.effective_on, s.event_precision, s.evidence, s.merged_into_id, $at,
        $at, $run_id, $run_id);
