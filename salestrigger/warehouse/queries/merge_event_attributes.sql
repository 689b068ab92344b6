-- the attributes of the staged events, exactly
MERGE INTO event_attributes AS t
USING (SELECT * FROM staged_attributes
       QUALIFY row_number() OVER (PARTITION BY event_id, position ORDER BY event_id) = 1) AS s
ON t.event_id = s.event_id AND t.position = s.position
WHEN MATCHED AND (t.attribute, t.value, t.unit, t.char_start, t.char_end, t.expires_on, t.document_id)
    IS DISTINCT FROM (s.attribute, s.value, s.unit, s.char_start, s.char_end, s.expires_on, s.document_id)
    THEN UPDATE SET attribute = s.attribute, value = s.value, unit = s.unit, char_start = s.char_start, char_end =
        s.char_end, expires_on = s.expires_on, document_id = s.document_id
WHEN NOT MATCHED BY SOURCE AND t.event_id IN (SELECT event_id FROM staged_events) THEN DELETE
WHEN NOT MATCHED THEN INSERT (event_id, position, attribute, value, unit, char_start, char_end, expires_on,
        document_id)
    VALUES (s.event_id, s.position, s.attribute, s.value, s.unit, s.char_start, s.char_end, s.expires_on,
        s.document_id);
