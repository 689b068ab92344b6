-- an event that others tell too keeps no words of the register's
UPDATE events SET quote = '' WHERE (event_id, quote) IN (
    SELECT (event_id, quote) FROM event_sources WHERE document_id IN (SELECT document_id FROM staged_gone_documents)
);
