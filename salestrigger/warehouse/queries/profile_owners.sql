SELECT * FROM owner_assignments ORDER BY level, subject, valid_from_on, owner;
