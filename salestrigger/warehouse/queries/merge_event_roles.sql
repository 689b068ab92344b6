-- the roles of the staged events, exactly
MERGE INTO event_roles AS t
USING (SELECT * FROM staged_roles
       QUALIFY row_number() OVER (PARTITION BY event_id, position ORDER BY event_id) = 1) AS s
ON t.event_id = s.event_id AND t.position = s.position
WHEN MATCHED AND (t.role, t.surface, t.char_start, t.char_end, t.mention_id, t.organization_id, t.probability,
                  t.decision)
    IS DISTINCT FROM (s.role, s.surface, s.char_start, s.char_end, s.mention_id, s.organization_id,
                      s.probability, s.decision)
    THEN UPDATE SET role = s.role, surface = s.surface, char_start = s.char_start, char_end = s.char_end, mention_id =
        s.mention_id, organization_id = s.organization_id, probability = s.probability, decision =
        s.decision
WHEN NOT MATCHED BY SOURCE AND t.event_id IN (SELECT event_id FROM staged_events) THEN DELETE
WHEN NOT MATCHED THEN INSERT (event_id, position, role, surface, char_start, char_end, mention_id, organization_id, probability,
        decision)
    VALUES (s.event_id, s.position, s.role, s.surface, s.char_start, s.char_end, s.mention_id, s.organization_id,
        s.probability, s.decision);
