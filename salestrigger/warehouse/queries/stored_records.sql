-- the stored records among the staged ids
SELECT r.* FROM org_records AS r SEMI JOIN staged_ids AS i ON i.record_id = r.record_id ORDER BY r.record_id;
