SELECT report_id, channel, recipient, version_number, reported_at FROM reported_triggers
WHERE trigger_id = $trigger_id ORDER BY reported_at, report_id, channel, recipient;
