DELETE FROM owner_absences;
