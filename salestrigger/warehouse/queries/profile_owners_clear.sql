DELETE FROM owner_assignments;
