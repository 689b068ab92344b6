-- register changes that may name persons keep their field and day
UPDATE org_changes SET before_value = NULL, after_value = NULL, details = '{}'
WHERE expires_on <= $today AND (before_value IS NOT NULL OR after_value IS NOT NULL OR details::VARCHAR <> '{}');
