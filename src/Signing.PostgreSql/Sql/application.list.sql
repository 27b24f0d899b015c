SELECT id, version, workspace_id, name, bundle_id, description, connected_apis, status, created_at, created_by
FROM signing.application
WHERE (@workspaces::text[] IS NULL OR workspace_id = ANY (@workspaces))
  AND (@after_at::timestamptz IS NULL OR (created_at, id) < (@after_at, @after_id))
  AND (@text::text IS NULL OR strpos(search, @text) > 0)
ORDER BY created_at DESC, id DESC LIMIT @limit
