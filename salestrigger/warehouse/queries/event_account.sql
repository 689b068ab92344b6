-- The events that a run first found, with who they name and what became of each name: one row per event.
SELECT
    events.type,
    events.modality,
    events.language,
    coalesce(
        (
            SELECT string_agg(roles.role || ' ' || roles.surface || ' (' || roles.decision || ')', ', ' ORDER BY roles.role)
            FROM event_roles AS roles
            WHERE roles.event_id = events.event_id
        ),
        ''
    ) AS organizations,
    events.quote
FROM events
WHERE events.first_run_id = $run_id
ORDER BY events.type, events.event_id
