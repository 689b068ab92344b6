-- no quote is longer than 150 characters
SELECT 'events' AS table_name, event_id, length(quote) AS characters FROM events WHERE length(quote) > 150
UNION ALL
SELECT 'event_sources', event_id, length(quote) FROM event_sources WHERE length(quote) > 150;
