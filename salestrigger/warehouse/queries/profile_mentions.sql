-- which organisation was mentioned in which document that tells of an event, and how prominently
SELECT DISTINCT m.document_id, x.organization_id, m.prominence
FROM matches AS x
JOIN mentions AS m ON m.mention_id = x.mention_id
WHERE x.organization_id IS NOT NULL AND m.document_id IN (SELECT document_id FROM event_sources)
ORDER BY ALL;
