-- A sharing key is seen from both sides.
SELECT id, version, grantor_workspace_id, grantee_workspace_id, grantee_application_id, name, scopes, expires, status, secret_version, hint, disclosure,
       sealed, hash, secret_created_at, secret_retires_at, last_used_at, last_used_address, created_at, created_by, revoked_at, revoked_by
FROM signing.sharing_key
WHERE (@workspaces::text[] IS NULL OR grantor_workspace_id = ANY (@workspaces) OR grantee_workspace_id = ANY (@workspaces))
  AND (@after_at::timestamptz IS NULL OR (created_at, id) < (@after_at, @after_id))
  AND (@text::text IS NULL OR strpos(search, @text) > 0)
ORDER BY created_at DESC, id DESC LIMIT @limit
