SELECT source_id, trust FROM sources ORDER BY source_id;
