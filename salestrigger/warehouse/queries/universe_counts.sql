SELECT (SELECT count(*) FROM organizations WHERE merged_into_id IS NULL) AS organization_count,
       (SELECT count(*) FROM org_records) AS record_count,
       (SELECT count(*) FROM documents WHERE state = 'pending') AS pending_document_count,
       (SELECT count(*) FROM org_changes WHERE state = 'pending') AS pending_change_count;
