INSERT INTO signing.application (id, version, workspace_id, name, bundle_id, description, connected_apis, status, created_at, created_by, search)
VALUES (@id, @version, @workspace_id, @name, @bundle_id, @description, @connected_apis, @status, @created_at, @created_by, @search)
ON CONFLICT (id) DO UPDATE SET
       version = excluded.version, workspace_id = excluded.workspace_id, name = excluded.name, bundle_id = excluded.bundle_id,
       description = excluded.description, connected_apis = excluded.connected_apis, status = excluded.status, created_at = excluded.created_at,
       created_by = excluded.created_by, search = excluded.search
