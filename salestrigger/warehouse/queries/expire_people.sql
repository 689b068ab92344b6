DELETE FROM event_attributes WHERE expires_on <= $today;
