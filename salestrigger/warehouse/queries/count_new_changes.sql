SELECT count(DISTINCT s.change_id) AS new_count
FROM staged_changes AS s ANTI JOIN org_changes AS c ON c.change_id = s.change_id;
