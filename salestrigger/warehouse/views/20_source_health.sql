CREATE OR REPLACE VIEW source_health AS
WITH latest AS (
    SELECT r.* FROM source_runs AS r
    JOIN runs AS n ON n.run_id = r.run_id
    QUALIFY row_number() OVER (PARTITION BY r.source_id ORDER BY n.run_number DESC) = 1
),
seen AS (
    SELECT r.source_id, sum(r.new_document_count)::BIGINT AS document_count,
           date_diff('day', min(n.as_of_at), (SELECT max(as_of_at) FROM runs)) AS known_days,
           -- a register tells by records and changes, not by documents
           (sum(r.new_document_count + r.changed_record_count + r.new_change_count)
               FILTER (n.as_of_at > (SELECT max(as_of_at) FROM runs) - INTERVAL 7 DAY))::BIGINT AS seen_7d
    FROM source_runs AS r
    JOIN runs AS n ON n.run_id = r.run_id
    GROUP BY r.source_id
),
past AS (
    -- the eight weeks before the last one; a source's first collection brings what had piled up, and does not count
    SELECT r.source_id, sum(r.new_document_count + r.changed_record_count + r.new_change_count) AS found_count,
           date_diff('day', min(n.as_of_at), (SELECT max(as_of_at) FROM runs) - INTERVAL 7 DAY) + 1 AS day_count
    FROM source_runs AS r
    JOIN runs AS n ON n.run_id = r.run_id
    WHERE n.as_of_at <= (SELECT max(as_of_at) FROM runs) - INTERVAL 7 DAY
        AND n.as_of_at > (SELECT max(as_of_at) FROM runs) - INTERVAL 63 DAY
        AND n.run_number > (
            SELECT min(f.run_number) FROM source_runs AS e
            JOIN runs AS f ON f.run_id = e.run_id WHERE e.source_id = r.source_id)
    GROUP BY r.source_id
)
SELECT s.source_id, s.title, s.trust, s.country, t.last_status, t.last_reason, t.last_attempt_at, t.last_ok_at,
       t.failure_count, coalesce(l.new_document_count, 0) AS new_document_count, l.run_id,
       coalesce(d.document_count, 0) AS document_count, s.expected_per_day, coalesce(d.seen_7d, 0) AS seen_7d,
       CASE WHEN s.expected_per_day IS NOT NULL THEN s.expected_per_day >= 1 AND coalesce(d.seen_7d, 0) = 0 AND d.known_days >= 7 END
           AS is_silent,
       CASE WHEN p.day_count >= 21 THEN round(p.found_count * 7.0 / p.day_count, 1) END AS usual_7d,
       coalesce(p.day_count >= 21 AND p.found_count * 7.0 / p.day_count >= 7
           AND coalesce(d.seen_7d, 0) < 0.25 * p.found_count * 7.0 / p.day_count, FALSE) AS is_below_usual,
       coalesce(d.known_days, 0) AS known_days
FROM sources AS s
JOIN source_states AS t ON t.source_id = s.source_id
LEFT JOIN latest AS l ON l.source_id = s.source_id
LEFT JOIN seen AS d ON d.source_id = s.source_id
LEFT JOIN past AS p ON p.source_id = s.source_id;
COMMENT ON VIEW source_health IS 'One row per source that was ever collected: how it is doing';
COMMENT ON COLUMN source_health.source_id IS 'the source';
COMMENT ON COLUMN source_health.title IS 'as a person knows it';
COMMENT ON COLUMN source_health.trust IS 'register, wire, newsroom, press, aggregator or user';
COMMENT ON COLUMN source_health.country IS 'ISO 3166-1 alpha-2; null: several';
COMMENT ON COLUMN source_health.last_status IS 'ok, empty, not_modified, refused, malformed or failed';
COMMENT ON COLUMN source_health.last_reason IS 'why; empty when it went well';
COMMENT ON COLUMN source_health.last_attempt_at IS 'logical time of the last attempt (UTC)';
COMMENT ON COLUMN source_health.last_ok_at IS 'logical time of the last one that went well (UTC); null: never yet';
COMMENT ON COLUMN source_health.failure_count IS 'failures in a row';
COMMENT ON COLUMN source_health.new_document_count IS 'documents not seen before, in its last collection';
COMMENT ON COLUMN source_health.run_id IS 'the run of its last collection';
COMMENT ON COLUMN source_health.document_count IS 'documents it ever served';
COMMENT ON COLUMN source_health.expected_per_day IS 'items expected on an ordinary day; null: not known';
COMMENT ON COLUMN source_health.seen_7d IS 'documents, records and changes that were new in the seven days before the last run';
COMMENT ON COLUMN source_health.is_silent IS 'at least one a day is expected and none came for seven days; null: nothing is expected';
COMMENT ON COLUMN source_health.usual_7d IS 'how much was new in seven days, on average over the eight weeks before; null: less than three weeks known';
COMMENT ON COLUMN source_health.is_below_usual IS 'a source that usually has something new every day brought less than a quarter of it: did the feed break?';
COMMENT ON COLUMN source_health.known_days IS 'days from its first collection to the last run; nothing can be missed for a week before the seventh';
