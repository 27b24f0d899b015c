-- The credential of a token's hash and all that decides about it, or no credential; with the last change that this answer has seen.
SELECT head.number, a.name, a.status, a.connected_apis, w.enabled, p.key,
       c.id, c.version, c.application_id, c.workspace_id, c.kind, c.key, c.name, c.parent_id, c.environment, c.scopes, c.client_secret_allowed, c.not_before,
       c.expires, c.status, c.revokes_at, c.last_used_at, c.last_used_address, c.created_at, c.created_by, c.revoked_at, c.revoked_by, c.revoked_for,
       s.version, s.hint, s.disclosure, s.sealed, s.hash, s.created_at, s.retires_at, s.last_used_at, s.last_used_address
FROM signing.change_head head
LEFT JOIN signing.credential_secret found ON found.hash = @hash
LEFT JOIN signing.credential c ON c.id = found.credential_id
LEFT JOIN signing.application a ON a.id = c.application_id
LEFT JOIN signing.workspace w ON w.id = c.workspace_id
LEFT JOIN signing.credential p ON p.id = c.parent_id
LEFT JOIN signing.credential_secret s ON s.credential_id = c.id
ORDER BY s.position
