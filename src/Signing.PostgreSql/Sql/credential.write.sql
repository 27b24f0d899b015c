INSERT INTO signing.credential (id, version, application_id, workspace_id, kind, key, name, parent_id, environment, scopes, client_secret_allowed, not_before, expires, status,
       revokes_at, last_used_at, last_used_address, created_at, created_by, revoked_at, revoked_by, revoked_for, name_key, search)
VALUES (@id, @version, @application_id, @workspace_id, @kind, @key, @name, @parent_id, @environment, @scopes, @client_secret_allowed, @not_before, @expires,
       @status, @revokes_at, @last_used_at, @last_used_address, @created_at, @created_by, @revoked_at, @revoked_by, @revoked_for, @name_key, @search)
ON CONFLICT (id) DO UPDATE SET
       version = excluded.version, application_id = excluded.application_id, workspace_id = excluded.workspace_id, kind = excluded.kind, key = excluded.key,
       name = excluded.name, parent_id = excluded.parent_id, environment = excluded.environment, scopes = excluded.scopes,
       client_secret_allowed = excluded.client_secret_allowed, not_before = excluded.not_before, expires = excluded.expires, status = excluded.status,
       revokes_at = excluded.revokes_at, last_used_at = excluded.last_used_at, last_used_address = excluded.last_used_address,
       created_at = excluded.created_at, created_by = excluded.created_by, revoked_at = excluded.revoked_at, revoked_by = excluded.revoked_by,
       revoked_for = excluded.revoked_for, name_key = excluded.name_key, search = excluded.search
