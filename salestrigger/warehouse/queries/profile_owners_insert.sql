INSERT INTO owner_assignments SELECT level, subject, owner, valid_from_on, valid_to_on, origin FROM staged_owners;
