-- The Secrets of one credential become those that are given, in their order.
WITH gone AS (
    DELETE FROM signing.credential_secret WHERE credential_id = @id AND version <> ALL (@version)
)
INSERT INTO signing.credential_secret (credential_id, position, version, hint, disclosure, sealed, hash, created_at, retires_at, last_used_at, last_used_address)
SELECT @id, secret.position, secret.version, secret.hint, secret.disclosure, secret.sealed, secret.hash, secret.created_at, secret.retires_at, secret.last_used_at,
       secret.last_used_address
FROM unnest(@version, @hint, @disclosure, @sealed, @hash, @created_at, @retires_at, @last_used_at, @last_used_address) WITH ORDINALITY
     AS secret (version, hint, disclosure, sealed, hash, created_at, retires_at, last_used_at, last_used_address, position)
ON CONFLICT (credential_id, version) DO UPDATE SET
       position = excluded.position, hint = excluded.hint, disclosure = excluded.disclosure, sealed = excluded.sealed, hash = excluded.hash,
       created_at = excluded.created_at, retires_at = excluded.retires_at, last_used_at = excluded.last_used_at,
       last_used_address = excluded.last_used_address
