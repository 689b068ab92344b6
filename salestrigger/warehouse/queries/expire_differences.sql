-- what two readers said of roles may name people: kept for as many days as names are (collected_rows.PERSON_KEPT_DAYS)
UPDATE second_reading_differences SET rules_say = '', reader_says = ''
WHERE kind = 'roles' AND (rules_say <> '' OR reader_says <> '')
  AND run_id IN (SELECT run_id FROM runs WHERE as_of_at::DATE <= $today::DATE - 365);
