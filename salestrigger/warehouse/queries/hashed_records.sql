-- the staged records with a hash of all they state; $reading is how we read them now: a new reading makes all differ
SELECT * REPLACE (
    'rec_' || left(sha256(concat_ws(
        chr(31), $reading, record_id, scheme, identifier, name, names, coalesce(country, chr(30)),
        coalesce(legal_form, chr(30)), addresses, industries, coalesce(employees_low::VARCHAR, chr(30)),
        coalesce(employees_high::VARCHAR, chr(30)), coalesce(employees_on::VARCHAR, chr(30)),
        coalesce(revenue_amount::VARCHAR, chr(30)), coalesce(revenue_currency, chr(30)),
        coalesce(revenue_year::VARCHAR, chr(30)), coalesce(website, chr(30)), coalesce(status, chr(30)),
        coalesce(status_on::VARCHAR, chr(30)), coalesce(founded_on::VARCHAR, chr(30)),
        coalesce(registered_on::VARCHAR, chr(30)), coalesce(parent_id, chr(30)), other_ids,
        coalesce(description, chr(30)), coalesce(has_marketing_block::VARCHAR, chr(30)),
        is_sole_proprietor::VARCHAR, relation
    )), 20) AS content_hash
)
FROM staged_records
ORDER BY position;
