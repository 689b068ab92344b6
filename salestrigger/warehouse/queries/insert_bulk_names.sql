-- every name of new records; of one stated twice, the first
INSERT INTO organization_names (record_id, name, kind, position, valid_from_on, valid_to_on, is_current)
SELECT record_id, name, kind, position, valid_from_on, valid_to_on, TRUE
FROM (
    SELECT record_id, name, 'legal' AS kind, 0 AS position, NULL::DATE AS valid_from_on, NULL::DATE AS valid_to_on
    FROM staged_bulk WHERE names = '[' || to_json({kind: 'legal', text: name, valid_from: NULL, valid_to: NULL})::VARCHAR || ']'
    UNION ALL
    SELECT record_id, n.text, n.kind, (spot - 1)::INTEGER, n.valid_from::DATE, n.valid_to::DATE
    FROM (
        SELECT record_id, unnest(held) AS n, generate_subscripts(held, 1) AS spot
        FROM (
            SELECT record_id,
                   from_json(names, '[{"kind": "VARCHAR", "text": "VARCHAR", "valid_from": "VARCHAR", "valid_to": "VARCHAR"}]') AS held
            FROM staged_bulk
            WHERE names <> '[' || to_json({kind: 'legal', text: name, valid_from: NULL, valid_to: NULL})::VARCHAR || ']'
        )
    )
    QUALIFY row_number() OVER (PARTITION BY record_id, n.text, n.kind ORDER BY spot) = 1
);
