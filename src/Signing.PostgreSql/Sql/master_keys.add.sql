INSERT INTO signing.master_key (version, sealed, created) VALUES (@version, @sealed, @created) ON CONFLICT (version) DO NOTHING;
