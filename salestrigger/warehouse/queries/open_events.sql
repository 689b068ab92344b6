SELECT e.* FROM events AS e
SEMI JOIN (SELECT event_id FROM event_sources WHERE published_at >= $since
           UNION SELECT event_id FROM events WHERE effective_on >= $since) AS s ON s.event_id = e.event_id
WHERE e.merged_into_id IS NULL
ORDER BY e.event_id;
