SELECT count(*) = 2 AS has_migrations
FROM duckdb_tables()
WHERE database_name = current_database() AND table_name IN ('schema_migrations', 'view_versions');
