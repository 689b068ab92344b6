-- what remains told of it says no more why it fitted by the register's word
UPDATE trigger_versions SET criteria = '[]', criteria_before = '[]' WHERE trigger_id IN (
    SELECT trigger_id FROM triggers WHERE organization_id IN (SELECT organization_id FROM staged_organizations)
);
