-- The page first, its Secrets afterwards: a credential with several of them is one row of the page.
WITH page AS (
    SELECT * FROM signing.credential
    WHERE (@workspaces::text[] IS NULL OR workspace_id = ANY (@workspaces))
      AND (@application::text IS NULL OR application_id = @application)
      AND (@parent::text IS NULL OR parent_id = @parent)
      AND (@kind = 0 OR kind = @kind)
      AND (@after_at::timestamptz IS NULL OR (created_at, id) < (@after_at, @after_id))
      AND (@text::text IS NULL OR strpos(search, @text) > 0)
    ORDER BY created_at DESC, id DESC LIMIT @limit
)
SELECT c.id, c.version, c.application_id, c.workspace_id, c.kind, c.key, c.name, c.parent_id, c.environment, c.scopes, c.client_secret_allowed, c.not_before,
       c.expires, c.status, c.revokes_at, c.last_used_at, c.last_used_address, c.created_at, c.created_by, c.revoked_at, c.revoked_by, c.revoked_for,
       s.version, s.hint, s.disclosure, s.sealed, s.hash, s.created_at, s.retires_at, s.last_used_at, s.last_used_address
FROM page c LEFT JOIN signing.credential_secret s ON s.credential_id = c.id
ORDER BY c.created_at DESC, c.id DESC, s.position
