INSERT INTO signing.credential_canary (sealed) VALUES (@sealed) ON CONFLICT DO NOTHING
