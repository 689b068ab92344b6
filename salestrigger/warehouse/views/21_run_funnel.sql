CREATE OR REPLACE VIEW run_funnel AS
SELECT c.run_id, r.run_number, r.as_of_at, c.profile, c.stage, c.reason, c.unit_count,
       sum(c.unit_count) OVER (PARTITION BY c.run_id, c.profile, c.stage)::INTEGER AS stage_count
FROM run_counts AS c
JOIN runs AS r ON r.run_id = c.run_id;
COMMENT ON VIEW run_funnel IS 'One row per run, profile, stage and reason: the reasons of a stage add up to stage_count';
COMMENT ON COLUMN run_funnel.run_id IS 'the run';
COMMENT ON COLUMN run_funnel.run_number IS 'its number';
COMMENT ON COLUMN run_funnel.as_of_at IS 'its logical time (UTC)';
COMMENT ON COLUMN run_funnel.profile IS 'name of the profile; empty for stages that no profile has a say in';
COMMENT ON COLUMN run_funnel.stage IS 'what is counted: documents, changes, events or subjects (organisations in events)';
COMMENT ON COLUMN run_funnel.reason IS 'how they ended';
COMMENT ON COLUMN run_funnel.unit_count IS 'how many ended so';
COMMENT ON COLUMN run_funnel.stage_count IS 'how many entered the stage';
