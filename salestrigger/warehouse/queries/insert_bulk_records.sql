INSERT INTO org_records (record_id, scheme, identifier, name, names, country, legal_form, addresses, industries,
    employees_low, employees_high, employees_on, revenue_amount, revenue_currency, revenue_year, website, status,
    status_on, founded_on, registered_on, parent_id, other_ids, description, has_marketing_block, is_sole_proprietor,
    relation, source_id, fetched_at, content_hash, first_run_id, run_id)
SELECT record_id, scheme, identifier, name, names, country, legal_form, addresses, industries, employees_low,
       employees_high, employees_on, revenue_amount, revenue_currency, revenue_year, website, status, status_on,
       founded_on, registered_on, parent_id, other_ids, description, has_marketing_block, is_sole_proprietor, relation,
       source_id, fetched_at, content_hash, $run_id, $run_id
FROM staged_bulk;
