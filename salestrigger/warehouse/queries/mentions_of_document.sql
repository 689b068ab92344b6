SELECT m.mention, m.char_start, m.prominence, x.organization_id, c.name AS company, x.probability, x.decision,
       x.namesakes_count, x.evidence
FROM mentions AS m
LEFT JOIN matches AS x ON x.mention_id = m.mention_id
LEFT JOIN organizations_current AS c ON c.organization_id = x.organization_id
WHERE m.document_id = $document_id
ORDER BY m.char_start, m.mention_id;
