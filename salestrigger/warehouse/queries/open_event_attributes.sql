SELECT x.* FROM event_attributes AS x
JOIN events AS e ON e.event_id = x.event_id AND e.merged_into_id IS NULL
SEMI JOIN (SELECT event_id FROM event_sources WHERE published_at >= $since
           UNION SELECT event_id FROM events WHERE effective_on >= $since) AS s ON s.event_id = x.event_id
ORDER BY x.event_id, x.position;
