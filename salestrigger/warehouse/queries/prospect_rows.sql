SELECT * FROM prospects WHERE $profile::VARCHAR IS NULL OR profile = $profile::VARCHAR
ORDER BY score DESC, organization_id, profile;
