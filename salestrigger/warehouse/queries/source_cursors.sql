SELECT source_id, cursor FROM source_states ORDER BY source_id;
