-- the titles of the documents that told of events whose person data expired
UPDATE documents SET title = '' WHERE title <> '' AND document_id IN (
    SELECT t.document_id FROM event_sources AS t
    WHERE t.event_id IN (
    SELECT event_id FROM event_attributes WHERE expires_on <= $today
    UNION
    SELECT s.event_id FROM event_sources AS s JOIN org_changes AS c ON c.change_id = s.document_id
    WHERE c.expires_on <= $today
)
);
