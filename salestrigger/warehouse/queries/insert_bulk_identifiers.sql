INSERT INTO org_identifiers (record_id, scheme, identifier, full_id, is_own)
SELECT record_id, scheme, identifier, record_id, TRUE FROM staged_bulk;
