INSERT INTO runs (run_id, run_number, kind, as_of_at, status, version, profiles)
VALUES ($run_id, $run_number, $kind, $as_of, 'running', $version, $profiles);
