SELECT c.id, c.version, c.application_id, c.workspace_id, c.kind, c.key, c.name, c.parent_id, c.environment, c.scopes, c.client_secret_allowed, c.not_before,
       c.expires, c.status, c.revokes_at, c.last_used_at, c.last_used_address, c.created_at, c.created_by, c.revoked_at, c.revoked_by, c.revoked_for,
       s.version, s.hint, s.disclosure, s.sealed, s.hash, s.created_at, s.retires_at, s.last_used_at, s.last_used_address
FROM signing.credential c LEFT JOIN signing.credential_secret s ON s.credential_id = c.id
WHERE c.id = ANY (@ids) ORDER BY c.id, s.position
