UPDATE runs SET status = $status, finished_at = $at WHERE run_id = $run_id;
