-- the source as declared; written only when the declaration changed
MERGE INTO sources AS t
USING staged_source AS s ON t.source_id = s.source_id
WHEN MATCHED AND (t.title, t.adapter, t.url, t.trust, t.country, t.language, t.licence, t.terms_url, t.personal_data,
                  t.retention_days, t.expected_per_day)
    IS DISTINCT FROM (s.title, s.adapter, s.url, s.trust, s.country, s.language, s.licence, s.terms_url,
                      s.personal_data, s.retention_days, s.expected_per_day)
    THEN UPDATE SET title = s.title, adapter = s.adapter, url = s.url, trust = s.trust, country = s.country,
        language = s.language, licence = s.licence, terms_url = s.terms_url, personal_data = s.personal_data,
        retention_days = s.retention_days, expected_per_day = s.expected_per_day
WHEN NOT MATCHED THEN INSERT (source_id, title, adapter, url, trust, country, language, licence, terms_url,
                              personal_data, retention_days, expected_per_day)
    VALUES (s.source_id, s.title, s.adapter, s.url, s.trust, s.country, s.language, s.licence, s.terms_url,
            s.personal_data, s.retention_days, s.expected_per_day);
