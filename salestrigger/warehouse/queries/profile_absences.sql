SELECT * FROM owner_absences ORDER BY owner, from_on, deputy;
