-- trigger_feed, or the versions that held at $as_of
SELECT * EXCLUDE (superseded_at, is_latest) RENAME (valid_from_on AS valid_from, valid_until_on AS valid_until)
FROM trigger_history
WHERE CASE WHEN $as_of::TIMESTAMP IS NULL THEN is_latest
           ELSE recorded_at <= $as_of::TIMESTAMP AND (superseded_at IS NULL OR superseded_at > $as_of::TIMESTAMP) END
  AND ($profile::VARCHAR IS NULL OR profile = $profile::VARCHAR)
  AND ($since::TIMESTAMP IS NULL OR first_recorded_at > $since::TIMESTAMP)
ORDER BY rank DESC, trigger_id;
