-- probabilities lie between 0 and 1, fits and ranks between 0 and 100, and a lower bound is not above its upper one
SELECT 'matches' AS table_name, mention_id AS id FROM matches WHERE probability NOT BETWEEN 0 AND 1
UNION ALL SELECT 'events', event_id FROM events WHERE confidence NOT BETWEEN 0 AND 1
UNION ALL SELECT 'fits', organization_id FROM fits
    WHERE fit_lower NOT BETWEEN 0 AND 100 OR fit_upper NOT BETWEEN 0 AND 100 OR fit_lower > fit_upper + 1e-9
UNION ALL SELECT 'trigger_versions', trigger_id FROM trigger_versions
    WHERE rank NOT BETWEEN 0 AND 100 OR fit_lower > fit_upper + 1e-9
UNION ALL SELECT 'trigger_versions', trigger_id FROM trigger_versions WHERE valid_until_on < valid_from_on;
