CREATE OR REPLACE VIEW organization_ids AS
SELECT coalesce(o.merged_into_id, l.organization_id) AS organization_id, i.scheme, i.identifier, i.full_id,
       CASE WHEN i.scheme = 'XI-LEI' THEN 'lei' WHEN i.scheme IN ('ACCOUNT', 'CRM') THEN 'crm' ELSE 'register' END
           AS id_kind,
       min(CASE WHEN i.is_own THEN i.record_id END) AS record_id,
       bool_or(i.is_own) AS is_own_record,
       arg_min(l.basis, i.record_id) AS basis
FROM org_identifiers AS i
JOIN organization_links AS l ON l.record_id = i.record_id AND l.unlinked_at IS NULL
JOIN organizations AS o ON o.organization_id = l.organization_id
GROUP BY 1, 2, 3, 4, 5;
COMMENT ON VIEW organization_ids IS 'One row per organisation and official number: joins to registers, LEI and one''s own CRM';
COMMENT ON COLUMN organization_ids.organization_id IS 'the organisation';
COMMENT ON COLUMN organization_ids.scheme IS 'org-id.guide list code; ACCOUNT for one''s own';
COMMENT ON COLUMN organization_ids.identifier IS 'the number, leading zeros kept';
COMMENT ON COLUMN organization_ids.full_id IS 'scheme-identifier';
COMMENT ON COLUMN organization_ids.id_kind IS 'register, lei or crm';
COMMENT ON COLUMN organization_ids.record_id IS 'the record of that number; null: another record only names it';
COMMENT ON COLUMN organization_ids.is_own_record IS 'there is a record of that number';
COMMENT ON COLUMN organization_ids.basis IS 'how its record was linked: own, identifier or match';
