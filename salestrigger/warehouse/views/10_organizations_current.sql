CREATE OR REPLACE VIEW organizations_current AS
WITH linked AS (
    SELECT coalesce(o.merged_into_id, l.organization_id) AS organization_id, r.*,
           coalesce(s.trust, '') AS trust, o.first_seen_at AS seen_at
    FROM organization_links AS l
    JOIN organizations AS o ON o.organization_id = l.organization_id
    JOIN org_records AS r ON r.record_id = l.record_id
    LEFT JOIN sources AS s ON s.source_id = r.source_id
    WHERE l.unlinked_at IS NULL
),
best AS (
    SELECT * FROM linked
    QUALIFY row_number() OVER (
        PARTITION BY organization_id ORDER BY trust <> 'register', scheme = 'ACCOUNT', record_id
    ) = 1
),
joined AS (
    SELECT organization_id, count(*) AS record_count, min(seen_at) AS first_seen_at,
           bool_or(is_sole_proprietor) AS is_sole_proprietor,
           coalesce(bool_or(has_marketing_block), FALSE) AS has_marketing_block,
           coalesce(max(relation) FILTER (relation = 'suppressed'), max(relation) FILTER (relation = 'customer'),
                    max(relation) FILTER (relation = 'competitor'), max(relation) FILTER (relation = 'supplier'),
                    max(relation)) AS relation,
           min(website) FILTER (website IS NOT NULL) AS any_website
    FROM linked GROUP BY organization_id
)
SELECT b.organization_id, b.name, b.country,
       b.addresses ->> '$[0].city' AS city,
       b.addresses ->> '$[0].municipality' AS municipality,
       b.addresses ->> '$[0].municipality_code' AS municipality_code,
       b.addresses ->> '$[0].region' AS region,
       b.addresses ->> '$[0].postcode' AS postcode,
       coalesce(b.website, j.any_website) AS website,
       b.legal_form, b.status,
       b.industries ->> '$[0].code' AS industry,
       b.industries ->> '$[0].codeset' AS industry_codeset,
       b.employees_low, b.employees_high, b.employees_on, b.revenue_amount, b.revenue_currency, b.revenue_year,
       b.founded_on, b.registered_on, j.has_marketing_block, j.is_sole_proprietor, j.relation, j.record_count,
       j.first_seen_at
FROM best AS b
JOIN joined AS j ON j.organization_id = b.organization_id;
COMMENT ON VIEW organizations_current IS 'One row per organisation that is not merged away: its most official record as it stands now';
COMMENT ON COLUMN organizations_current.organization_id IS 'the organisation';
COMMENT ON COLUMN organizations_current.name IS 'the legal name';
COMMENT ON COLUMN organizations_current.country IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN organizations_current.city IS 'city of its first address';
COMMENT ON COLUMN organizations_current.municipality IS 'municipality of its first address';
COMMENT ON COLUMN organizations_current.municipality_code IS 'its number in the country, such as 0301';
COMMENT ON COLUMN organizations_current.region IS 'region of its first address';
COMMENT ON COLUMN organizations_current.postcode IS 'postcode of its first address';
COMMENT ON COLUMN organizations_current.website IS 'its website, from any of its records';
COMMENT ON COLUMN organizations_current.legal_form IS 'the register''s own code';
COMMENT ON COLUMN organizations_current.status IS 'active, restructuring, winding_up, bankrupt or dissolved';
COMMENT ON COLUMN organizations_current.industry IS 'the main industry code';
COMMENT ON COLUMN organizations_current.industry_codeset IS 'the code set of that code';
COMMENT ON COLUMN organizations_current.employees_low IS 'employees, at least';
COMMENT ON COLUMN organizations_current.employees_high IS 'employees, at most; null: no upper bound or not known';
COMMENT ON COLUMN organizations_current.employees_on IS 'the day that number is about';
COMMENT ON COLUMN organizations_current.revenue_amount IS 'yearly revenue in plain units of its currency';
COMMENT ON COLUMN organizations_current.revenue_currency IS 'ISO 4217';
COMMENT ON COLUMN organizations_current.revenue_year IS 'the year it is about';
COMMENT ON COLUMN organizations_current.founded_on IS 'when it was founded';
COMMENT ON COLUMN organizations_current.registered_on IS 'when it was registered';
COMMENT ON COLUMN organizations_current.has_marketing_block IS 'a register says: no unsolicited marketing';
COMMENT ON COLUMN organizations_current.is_sole_proprietor IS 'its name is a person''s name';
COMMENT ON COLUMN organizations_current.relation IS 'suppressed, customer, competitor, supplier, account or empty; from one''s own lists';
COMMENT ON COLUMN organizations_current.record_count IS 'records linked to it';
COMMENT ON COLUMN organizations_current.first_seen_at IS 'logical time of its first record (UTC)';
