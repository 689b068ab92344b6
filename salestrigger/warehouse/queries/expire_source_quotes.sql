-- the quotes and titles of the texts that told of them
UPDATE event_sources SET quote = '', title = '' WHERE (quote <> '' OR title <> '') AND event_id IN (
    SELECT event_id FROM event_attributes WHERE expires_on <= $today
    UNION
    SELECT s.event_id FROM event_sources AS s JOIN org_changes AS c ON c.change_id = s.document_id
    WHERE c.expires_on <= $today
);
