INSERT INTO owner_absences SELECT owner, deputy, from_on, to_on FROM staged_absences;
