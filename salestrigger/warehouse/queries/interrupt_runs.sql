-- whoever opens the warehouse for writing is the only one: a run that still says running has been interrupted
UPDATE runs SET status = 'interrupted' WHERE status = 'running';
