CREATE OR REPLACE VIEW events_current AS
WITH roles AS (
    SELECT r.event_id,
           to_json(list({'role': r.role, 'organization_id': coalesce(o.merged_into_id, r.organization_id),
                         'name': c.name, 'surface': r.surface, 'decision': r.decision,
                         'probability': r.probability} ORDER BY r.position)) AS organizations
    FROM event_roles AS r
    LEFT JOIN organizations AS o ON o.organization_id = r.organization_id
    LEFT JOIN organizations_current AS c ON c.organization_id = coalesce(o.merged_into_id, r.organization_id)
    GROUP BY r.event_id
),
attributes AS (
    SELECT event_id, to_json(list({'key': attribute, 'value': value, 'unit': unit} ORDER BY position)) AS attributes
    FROM event_attributes GROUP BY event_id
),
told AS (
    SELECT event_id, count(*) AS document_count, count(DISTINCT copy_group) AS independent_source_count,
           min(published_at) AS first_published_at, max(published_at) AS last_published_at,
           to_json(list({'document_id': document_id, 'url': url, 'title': title, 'source_id': source_id,
                         'publisher': publisher, 'published_at': strftime(published_at, '%Y-%m-%dT%H:%M:%SZ'),
                         'quote': quote, 'copy_group': copy_group, 'modality': modality}
                        ORDER BY published_at, position)) AS sources
    FROM event_sources GROUP BY event_id
)
SELECT e.event_id, e.type, e.modality, e.event_on, e.effective_on, e.event_precision, e.confidence, e.language, e.quote,
       coalesce(r.organizations, '[]'::JSON) AS organizations, coalesce(a.attributes, '[]'::JSON) AS attributes,
       coalesce(t.sources, '[]'::JSON) AS sources, coalesce(t.document_count, 0) AS document_count,
       coalesce(t.independent_source_count, 0) AS independent_source_count, t.first_published_at, t.last_published_at,
       e.first_recorded_at, e.recorded_at
FROM events AS e
LEFT JOIN roles AS r ON r.event_id = e.event_id
LEFT JOIN attributes AS a ON a.event_id = e.event_id
LEFT JOIN told AS t ON t.event_id = e.event_id
WHERE e.merged_into_id IS NULL;
COMMENT ON VIEW events_current IS 'One row per event that is not merged into another';
COMMENT ON COLUMN events_current.event_id IS 'the event';
COMMENT ON COLUMN events_current.type IS 'a name of the lexicon';
COMMENT ON COLUMN events_current.modality IS 'rumour, planned, announced, in_progress, completed, cancelled or denied';
COMMENT ON COLUMN events_current.event_on IS 'when it happens or happened, if stated';
COMMENT ON COLUMN events_current.effective_on IS 'when it takes effect, if stated';
COMMENT ON COLUMN events_current.event_precision IS 'day, month, quarter or year';
COMMENT ON COLUMN events_current.confidence IS 'that it happened, 0 to 1';
COMMENT ON COLUMN events_current.language IS 'BCP 47 of the quote';
COMMENT ON COLUMN events_current.quote IS 'at most 150 characters, in the original language';
COMMENT ON COLUMN events_current.organizations IS 'who has which part: [{role, organization_id, name, surface, decision, probability}]';
COMMENT ON COLUMN events_current.attributes IS 'values that belong to it: [{key, value, unit}]';
COMMENT ON COLUMN events_current.sources IS 'who tells of it, the first published one first: [{document_id, url, title, source_id, publisher, published_at, quote, copy_group, modality}]';
COMMENT ON COLUMN events_current.document_count IS 'documents and register changes that tell of it';
COMMENT ON COLUMN events_current.independent_source_count IS 'the same, copies of one text counted once';
COMMENT ON COLUMN events_current.first_published_at IS 'when the first of them was published (UTC): not the day of the event';
COMMENT ON COLUMN events_current.last_published_at IS 'when the last of them was published (UTC)';
COMMENT ON COLUMN events_current.first_recorded_at IS 'logical time at which it was first stored (UTC)';
COMMENT ON COLUMN events_current.recorded_at IS 'logical time of its last change (UTC)';
