-- what the staged records state, one row each: the last word on every attribute that is true by the day
WITH last AS (
    SELECT f.*, max(f.known_from_at) OVER (PARTITION BY f.record_id) AS told_at FROM (
        SELECT * FROM facts WHERE record_id IN (SELECT record_id FROM staged_plain)
        QUALIFY row_number() OVER (PARTITION BY record_id, attribute ORDER BY fact_number DESC) = 1
    ) AS f
),
stated AS (
    SELECT record_id, max(told_at) AS known_from_at,
           max(value ->> '$') FILTER (attribute = 'country') AS country,
           max(value ->> '$') FILTER (attribute = 'region') AS region,
           max(value ->> '$') FILTER (attribute = 'municipality') AS municipality,
           max(value ->> '$') FILTER (attribute = 'municipality_code') AS municipality_code,
           max(value ->> '$') FILTER (attribute = 'city') AS city,
           max(value ->> '$') FILTER (attribute = 'postcode') AS postcode,
           max(value ->> '$') FILTER (attribute = 'industry') AS industry,
           max(value ->> '$') FILTER (attribute = 'employees') AS employees,
           max(valid_from_on) FILTER (attribute = 'employees' AND value IS NOT NULL) AS employees_on,
           max(value ->> '$') FILTER (attribute = 'revenue') AS revenue,
           max(valid_from_on) FILTER (attribute = 'revenue' AND value IS NOT NULL) AS revenue_on,
           max(value ->> '$') FILTER (attribute = 'legal_form') AS legal_form,
           max(value ->> '$') FILTER (attribute = 'founded') AS founded,
           max(value ->> '$') FILTER (attribute = 'status') AS status,
           max(valid_from_on) FILTER (attribute = 'status' AND value IS NOT NULL) AS status_on,
           max(value ->> '$') FILTER (attribute = 'parent') AS parent,
           max(value ->> '$') FILTER (attribute = 'technologies') AS technologies,
           max(value ->> '$') FILTER (attribute = 'website') AS website,
           max(value ->> '$') FILTER (attribute = 'description') AS description
    FROM last
    WHERE valid_from_on IS NULL OR valid_from_on <= $on
    GROUP BY record_id
)
SELECT p.organization_id AS org_id, r.names, r.relation, r.is_sole_proprietor, r.source_id,
       array_to_string([r.record_id] || [i FOR i IN (r.other_ids::VARCHAR[]) IF i <> r.record_id], '|') AS identifiers,
       stated.* EXCLUDE (record_id)
FROM staged_plain AS p
JOIN org_records AS r ON r.record_id = p.record_id
LEFT JOIN stated ON stated.record_id = p.record_id
ORDER BY 1;
