INSERT INTO signing.sharing_key_binding (sharing_key_id, grantee) VALUES (@sharing_key_id, @grantee) ON CONFLICT (sharing_key_id) DO NOTHING;
