SELECT id, version, workspace_id, name, bundle_id, description, connected_apis, status, created_at, created_by
FROM signing.application WHERE id = ANY (@ids)
