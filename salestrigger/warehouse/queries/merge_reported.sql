MERGE INTO reported_triggers AS t
USING (SELECT o.trigger_id, max(o.version_number) AS version_number
       FROM outbox AS o SEMI JOIN staged_told AS s ON s.trigger_id = o.trigger_id GROUP BY o.trigger_id) AS s
ON t.trigger_id = s.trigger_id AND t.version_number = s.version_number AND t.report_id = $report_id
    AND t.channel = $channel AND t.recipient = $recipient
WHEN NOT MATCHED THEN INSERT (report_id, channel, recipient, trigger_id, version_number, reported_at, run_id)
    VALUES ($report_id, $channel, $recipient, s.trigger_id, s.version_number, $at, $run_id);
