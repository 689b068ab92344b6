-- where organisations are by the main address of their most official record: the business, else the visiting, else the
-- postal one
WITH official AS (
    SELECT r.country, r.addresses
    FROM org_records AS r
    JOIN organization_links AS l ON l.record_id = r.record_id AND l.unlinked_at IS NULL
    JOIN organizations AS o ON o.organization_id = l.organization_id
    WHERE r.addresses <> '[]'
    QUALIFY row_number() OVER (
        PARTITION BY coalesce(o.merged_into_id, l.organization_id)
        ORDER BY r.scheme = 'ACCOUNT', r.fetched_at DESC, r.record_id
    ) = 1
),
addressed AS (
    SELECT country,
           coalesce(
               [a FOR a IN (addresses::JSON[]) IF (a ->> 'kind') = 'business'][1],
               [a FOR a IN (addresses::JSON[]) IF (a ->> 'kind') = 'visiting'][1], addresses -> 0
           ) AS place
    FROM official
)
SELECT DISTINCT coalesce(nullif((place ->> 'country'), ''), country) AS country, place ->> 'city' AS city,
       place ->> 'municipality' AS municipality, place ->> 'municipality_code' AS municipality_code,
       place ->> 'region' AS region
FROM addressed
WHERE (place ->> 'city') IS NOT NULL OR (place ->> 'municipality') IS NOT NULL
ORDER BY ALL;
