SELECT * FROM org_changes WHERE state = 'pending' ORDER BY published_at, change_id;
