-- states, decisions and effects are words of the vocabulary
SELECT 'documents' AS table_name, document_id AS id, state AS word FROM documents
    WHERE state NOT IN ('pending', 'analysed', 'set_aside')
UNION ALL SELECT 'documents', document_id, outcome FROM documents WHERE state <> 'pending' AND outcome IS NULL
UNION ALL SELECT 'org_changes', change_id, state FROM org_changes WHERE state NOT IN ('pending', 'analysed')
UNION ALL SELECT 'matches', mention_id, decision FROM matches WHERE decision NOT IN ('accept', 'review', 'reject')
UNION ALL SELECT 'events', event_id, modality FROM events
    WHERE modality NOT IN ('rumour', 'planned', 'announced', 'in_progress', 'completed', 'cancelled', 'denied')
UNION ALL SELECT 'trigger_versions', trigger_id, effect FROM trigger_versions
    WHERE effect NOT IN ('enters_icp', 'leaves_icp', 'hook', 'hook_unknown_fit', 'watched', 'none')
UNION ALL SELECT 'trigger_versions', trigger_id, cause FROM trigger_versions
    WHERE cause NOT IN ('changed', 'learned', 'profile_edited', 'first_load')
UNION ALL SELECT 'trigger_versions', trigger_id, verdict FROM trigger_versions
    WHERE verdict NOT IN ('fits', 'does_not_fit', 'unknown', 'excluded')
UNION ALL SELECT 'fits', organization_id, verdict FROM fits
    WHERE verdict NOT IN ('fits', 'does_not_fit', 'unknown', 'excluded');
