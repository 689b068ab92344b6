UPDATE organizations SET merged_into_id = target.merged_into_id
FROM organizations AS target
WHERE organizations.merged_into_id = target.organization_id AND target.merged_into_id IS NOT NULL;
