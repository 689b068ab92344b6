MERGE INTO org_records AS t
USING (SELECT * FROM staged_records
       QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY position DESC) = 1) AS s
ON t.record_id = s.record_id
WHEN MATCHED AND t.content_hash <> s.content_hash THEN UPDATE SET
    scheme = s.scheme, identifier = s.identifier, name = s.name, names = s.names, country = s.country,
    legal_form = s.legal_form, addresses = s.addresses, industries = s.industries, employees_low = s.employees_low,
    employees_high = s.employees_high, employees_on = s.employees_on, revenue_amount = s.revenue_amount,
    revenue_currency = s.revenue_currency, revenue_year = s.revenue_year, website = s.website, status = s.status,
    status_on = s.status_on, founded_on = s.founded_on, registered_on = s.registered_on, parent_id = s.parent_id,
    other_ids = s.other_ids, description = s.description, has_marketing_block = s.has_marketing_block,
    is_sole_proprietor = s.is_sole_proprietor, relation = s.relation, source_id = s.source_id,
    fetched_at = s.fetched_at, content_hash = s.content_hash, run_id = $run_id
WHEN NOT MATCHED THEN INSERT (record_id, scheme, identifier, name, names, country, legal_form, addresses, industries,
        employees_low, employees_high, employees_on, revenue_amount, revenue_currency, revenue_year, website, status,
        status_on, founded_on, registered_on, parent_id, other_ids, description, has_marketing_block,
        is_sole_proprietor, relation, source_id, fetched_at, content_hash, first_run_id, run_id)
    VALUES (s.record_id, s.scheme, s.identifier, s.name, s.names, s.country, s.legal_form, s.addresses, s.industries,
        s.employees_low, s.employees_high, s.employees_on, s.revenue_amount, s.revenue_currency, s.revenue_year,
        s.website, s.status, s.status_on, s.founded_on, s.registered_on, s.parent_id, s.other_ids, s.description,
        s.has_marketing_block, s.is_sole_proprietor, s.relation, s.source_id, s.fetched_at, s.content_hash, $run_id,
        $run_id);
