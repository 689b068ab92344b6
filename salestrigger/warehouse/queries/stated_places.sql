-- where organisations are by the main address of their records: the business, else the visiting, else the postal one
WITH addressed AS (
    SELECT r.country,
           coalesce(
               [a FOR a IN (r.addresses::JSON[]) IF (a ->> 'kind') = 'business'][1],
               [a FOR a IN (r.addresses::JSON[]) IF (a ->> 'kind') = 'visiting'][1], r.addresses -> 0
           ) AS place
    FROM org_records AS r
    WHERE NOT r.is_sole_proprietor
)
SELECT DISTINCT coalesce(nullif((place ->> 'country'), ''), country) AS country, place ->> 'city' AS city,
       place ->> 'municipality' AS municipality, place ->> 'municipality_code' AS municipality_code,
       place ->> 'region' AS region
FROM addressed
WHERE (place ->> 'city') IS NOT NULL OR (place ->> 'municipality') IS NOT NULL
ORDER BY ALL;
