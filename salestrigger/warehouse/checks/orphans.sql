-- whatever a row points to exists
SELECT 'mention without document' AS what, mention_id AS id FROM mentions
    WHERE document_id NOT IN (SELECT document_id FROM documents)
UNION ALL SELECT 'match without mention', mention_id FROM matches
    WHERE mention_id NOT IN (SELECT mention_id FROM mentions)
UNION ALL SELECT 'match with unknown organisation', mention_id FROM matches
    WHERE organization_id IS NOT NULL AND organization_id NOT IN (SELECT organization_id FROM organizations)
UNION ALL SELECT 'record without link', record_id FROM org_records
    WHERE record_id NOT IN (SELECT record_id FROM organization_links WHERE unlinked_at IS NULL)
UNION ALL SELECT 'link without record', record_id FROM organization_links
    WHERE unlinked_at IS NULL AND record_id NOT IN (SELECT record_id FROM org_records)
UNION ALL SELECT 'link without organisation', record_id FROM organization_links
    WHERE organization_id NOT IN (SELECT organization_id FROM organizations)
UNION ALL SELECT 'organisation without record', organization_id FROM organizations
    WHERE merged_into_id IS NULL AND organization_id NOT IN (
        SELECT coalesce(o.merged_into_id, l.organization_id) FROM organization_links AS l
        JOIN organizations AS o ON o.organization_id = l.organization_id WHERE l.unlinked_at IS NULL)
UNION ALL SELECT 'fact without organisation', organization_id FROM facts
    WHERE organization_id NOT IN (SELECT organization_id FROM organizations)
UNION ALL SELECT 'role without event', event_id FROM event_roles
    WHERE event_id NOT IN (SELECT event_id FROM events)
UNION ALL SELECT 'role with unknown organisation', event_id FROM event_roles
    WHERE organization_id IS NOT NULL AND organization_id NOT IN (SELECT organization_id FROM organizations)
UNION ALL SELECT 'attribute without event', event_id FROM event_attributes
    WHERE event_id NOT IN (SELECT event_id FROM events)
UNION ALL SELECT 'event source without event', event_id FROM event_sources
    WHERE event_id NOT IN (SELECT event_id FROM events)
UNION ALL SELECT 'event source without document or change', document_id FROM event_sources
    WHERE document_id NOT IN (SELECT document_id FROM documents)
      AND document_id NOT IN (SELECT change_id FROM org_changes)
UNION ALL SELECT 'event without source', event_id FROM events
    WHERE event_id NOT IN (SELECT event_id FROM event_sources)
UNION ALL SELECT 'fit without organisation', organization_id FROM fits
    WHERE organization_id NOT IN (SELECT organization_id FROM organizations)
UNION ALL SELECT 'trigger without event', trigger_id FROM triggers
    WHERE event_id IS NOT NULL AND event_id NOT IN (SELECT event_id FROM events)
UNION ALL SELECT 'trigger without change', trigger_id FROM triggers
    WHERE change_id IS NOT NULL AND change_id NOT IN (SELECT change_id FROM org_changes)
UNION ALL SELECT 'trigger without event or change', trigger_id FROM triggers
    WHERE event_id IS NULL AND change_id IS NULL
UNION ALL SELECT 'trigger without organisation', trigger_id FROM triggers
    WHERE organization_id NOT IN (SELECT organization_id FROM organizations)
UNION ALL SELECT 'trigger without version', trigger_id FROM triggers
    WHERE trigger_id NOT IN (SELECT trigger_id FROM trigger_versions)
UNION ALL SELECT 'version without trigger', trigger_id FROM trigger_versions
    WHERE trigger_id NOT IN (SELECT trigger_id FROM triggers)
UNION ALL SELECT 'outbox without version', trigger_id FROM outbox
    WHERE (trigger_id, version_number) NOT IN (SELECT (trigger_id, version_number) FROM trigger_versions)
UNION ALL SELECT 'told without outbox', trigger_id FROM reported_triggers
    WHERE (trigger_id, version_number) NOT IN (SELECT (trigger_id, version_number) FROM outbox)
UNION ALL SELECT 'merged into nothing', organization_id FROM organizations
    WHERE merged_into_id IS NOT NULL AND merged_into_id NOT IN (SELECT organization_id FROM organizations WHERE merged_into_id IS NULL);
