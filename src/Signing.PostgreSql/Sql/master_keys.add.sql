-- Of two nodes that make the same version the first has made it; the other one reads it.
INSERT INTO signing.master_key (version, sealed, created) VALUES (@version, @sealed, @created) ON CONFLICT (version) DO NOTHING;
