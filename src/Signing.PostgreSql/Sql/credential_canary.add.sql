-- Of nodes that start at once the first puts it there, and all read that one.
INSERT INTO signing.credential_canary (sealed) VALUES (@sealed) ON CONFLICT DO NOTHING
