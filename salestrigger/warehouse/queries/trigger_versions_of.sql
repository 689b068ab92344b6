SELECT version_number, effect, held_back, rank, verdict, recorded_at FROM trigger_versions
WHERE trigger_id = $trigger_id ORDER BY version_number;
