-- a part that stood in no text but in the register's change
DELETE FROM event_roles
WHERE (char_start < 0 OR char_end <= char_start OR surface = '')
  AND event_id NOT IN (SELECT s.event_id FROM event_sources AS s JOIN org_changes AS c ON c.change_id = s.document_id);
