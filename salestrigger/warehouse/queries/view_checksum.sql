SELECT checksum FROM view_versions;
