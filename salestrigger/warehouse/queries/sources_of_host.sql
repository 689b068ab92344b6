-- sources that ever served something from the host
SELECT DISTINCT d.source_id FROM documents AS d
WHERE regexp_extract(d.url, '^https?://([^/]+)', 1) = $host
ORDER BY d.source_id LIMIT 10;
