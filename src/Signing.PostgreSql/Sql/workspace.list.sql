SELECT id, version, name, enabled, disclosure, bundle_id_required, default_lifetime, rotation_age, rotation_overlap, created_at, created_by
FROM signing.workspace
WHERE (@workspaces::text[] IS NULL OR id = ANY (@workspaces))
  AND (@after_at::timestamptz IS NULL OR (created_at, id) < (@after_at, @after_id))
  AND (@text::text IS NULL OR strpos(search, @text) > 0)
ORDER BY created_at DESC, id DESC LIMIT @limit
