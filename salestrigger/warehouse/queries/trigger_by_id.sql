SELECT * EXCLUDE (superseded_at, is_latest) FROM trigger_history WHERE trigger_id = $trigger_id AND is_latest;
