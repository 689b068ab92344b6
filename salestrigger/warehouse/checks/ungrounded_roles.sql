-- whoever has a part in an event is written in a text: a role has a place, or the event is a register's
SELECT r.event_id, r.role, r.surface
FROM event_roles AS r
WHERE (r.char_start < 0 OR r.char_end <= r.char_start OR r.surface = '')
  AND r.event_id NOT IN (
    SELECT s.event_id FROM event_sources AS s JOIN org_changes AS c ON c.change_id = s.document_id);
