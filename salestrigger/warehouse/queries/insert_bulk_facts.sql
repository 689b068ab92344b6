-- what new records state, as facts; the same as matchers.facts.facts_from_record says of each, which a test holds
INSERT INTO facts (fact_number, organization_id, record_id, attribute, value, value_type, valid_from_on, known_from_at,
                   source_id, confidence, cause_id, run_id, run_number)
SELECT (SELECT coalesce(max(fact_number), 0) FROM facts) + row_number() OVER (), organization_id, record_id,
       f.attribute, f.value::JSON, f.kind, f.valid_from, fetched_at, source_id, 1.0, '', $run_id, $run_number
FROM (
    SELECT l.organization_id, s.record_id, s.fetched_at, s.source_id, unnest([
        {attribute: 'country', value: to_json(coalesce(nullif(s.place_country, ''), s.country))::VARCHAR, kind: 'text', valid_from: NULL::DATE},
        {attribute: 'region', value: to_json(s.place_region)::VARCHAR, kind: 'text', valid_from: NULL::DATE},
        {attribute: 'municipality', value: to_json(s.place_municipality)::VARCHAR, kind: 'text', valid_from: NULL::DATE},
        {attribute: 'municipality_code', value: to_json(s.place_municipality_code)::VARCHAR, kind: 'text', valid_from: NULL::DATE},
        {attribute: 'city', value: to_json(s.place_city)::VARCHAR, kind: 'text', valid_from: NULL::DATE},
        {attribute: 'postcode', value: to_json(s.place_postcode)::VARCHAR, kind: 'text', valid_from: NULL::DATE},
        {attribute: 'industry', value: nullif(s.industry_codes, '[]'), kind: 'list', valid_from: NULL::DATE},
        {attribute: 'employees',
         value: CASE WHEN s.employees_low IS NULL THEN NULL
                     WHEN s.employees_high IS NULL THEN '"' || s.employees_low || '+"'
                     WHEN s.employees_low = s.employees_high THEN s.employees_low::VARCHAR
                     ELSE '"' || s.employees_low || '-' || s.employees_high || '"' END,
         kind: CASE WHEN s.employees_low = s.employees_high THEN 'integer' ELSE 'text' END, valid_from: s.employees_on},
        {attribute: 'legal_form', value: to_json(s.legal_form)::VARCHAR, kind: 'text', valid_from: NULL::DATE},
        {attribute: 'founded', value: '"' || coalesce(s.founded_on, s.registered_on) || '"', kind: 'date', valid_from: NULL::DATE},
        {attribute: 'registered', value: '"' || s.registered_on || '"', kind: 'date', valid_from: NULL::DATE},
        {attribute: 'status', value: '"' || s.status || '"', kind: 'text', valid_from: s.status_on},
        {attribute: 'parent', value: to_json(s.parent_id)::VARCHAR, kind: 'text', valid_from: NULL::DATE},
        {attribute: 'website', value: to_json(s.website)::VARCHAR, kind: 'text', valid_from: NULL::DATE},
        {attribute: 'description', value: to_json(s.description)::VARCHAR, kind: 'text', valid_from: NULL::DATE},
        {attribute: 'marketing_block', value: s.has_marketing_block::VARCHAR, kind: 'boolean', valid_from: NULL::DATE}
    ]) AS f
    FROM staged_bulk AS s
    JOIN staged_links AS l ON l.record_id = s.record_id
)
WHERE f.value IS NOT NULL AND f.value NOT IN ('""', 'null');
