-- every table has one row per key
WITH keys AS (
    SELECT 'sources' AS table_name, source_id AS key, count(*) AS rows FROM sources GROUP BY ALL
    UNION ALL SELECT 'runs', run_id, count(*) FROM runs GROUP BY ALL
    UNION ALL SELECT 'run_numbers', run_number::VARCHAR, count(*) FROM runs GROUP BY ALL
    UNION ALL SELECT 'source_states', source_id, count(*) FROM source_states GROUP BY ALL
    UNION ALL SELECT 'source_runs', run_id || ' ' || source_id, count(*) FROM source_runs GROUP BY ALL
    UNION ALL SELECT 'run_counts', concat_ws(' ', run_id, profile, stage, reason), count(*) FROM run_counts GROUP BY ALL
    UNION ALL SELECT 'profiles', profile || ' ' || profile_version, count(*) FROM profiles GROUP BY ALL
    UNION ALL SELECT 'documents', document_id, count(*) FROM documents GROUP BY ALL
    UNION ALL SELECT 'mentions', mention_id, count(*) FROM mentions GROUP BY ALL
    UNION ALL SELECT 'matches', mention_id, count(*) FROM matches GROUP BY ALL
    UNION ALL SELECT 'org_records', record_id, count(*) FROM org_records GROUP BY ALL
    UNION ALL SELECT 'org_identifiers', record_id || ' ' || full_id, count(*) FROM org_identifiers GROUP BY ALL
    UNION ALL SELECT 'organization_names', concat_ws(' ', record_id, name, kind), count(*)
        FROM organization_names GROUP BY ALL
    UNION ALL SELECT 'org_changes', change_id, count(*) FROM org_changes GROUP BY ALL
    UNION ALL SELECT 'organizations', organization_id, count(*) FROM organizations GROUP BY ALL
    UNION ALL SELECT 'organization_links', record_id, count(*) FROM organization_links
        WHERE unlinked_at IS NULL GROUP BY ALL
    UNION ALL SELECT 'tombstones', tombstone_id, count(*) FROM tombstones GROUP BY ALL
    UNION ALL SELECT 'events', event_id, count(*) FROM events GROUP BY ALL
    UNION ALL SELECT 'event_roles', event_id || ' ' || position, count(*) FROM event_roles GROUP BY ALL
    UNION ALL SELECT 'event_attributes', event_id || ' ' || position, count(*) FROM event_attributes GROUP BY ALL
    UNION ALL SELECT 'event_sources', event_id || ' ' || position, count(*) FROM event_sources GROUP BY ALL
    UNION ALL SELECT 'event_changes', concat_ws(' ', run_id, event_id, kind, detail, document_id), count(*)
        FROM event_changes GROUP BY ALL
    UNION ALL SELECT 'second_readings', run_id || ' ' || document_id, count(*) FROM second_readings GROUP BY ALL
    UNION ALL SELECT 'second_reading_differences', concat_ws(' ', run_id, document_id, position), count(*)
        FROM second_reading_differences GROUP BY ALL
    UNION ALL SELECT 'facts', fact_number::VARCHAR, count(*) FROM facts GROUP BY ALL
    UNION ALL SELECT 'fits', concat_ws(' ', organization_id, profile, run_number), count(*) FROM fits GROUP BY ALL
    UNION ALL SELECT 'fit_changes', concat_ws(' ', organization_id, profile, run_number), count(*)
        FROM fit_changes GROUP BY ALL
    UNION ALL SELECT 'trigger_versions', trigger_id || ' ' || version_number, count(*)
        FROM trigger_versions GROUP BY ALL
    UNION ALL SELECT 'reported_triggers', concat_ws(' ', report_id, channel, recipient, trigger_id), count(*)
        FROM reported_triggers GROUP BY ALL
)
SELECT * FROM keys WHERE rows > 1 ORDER BY table_name, key;
