INSERT INTO signing.sharing_key (id, version, grantor_workspace_id, grantee_workspace_id, grantee_application_id, name, scopes, expires, status, secret_version, hint, disclosure,
       sealed, hash, secret_created_at, secret_retires_at, last_used_at, last_used_address, created_at, created_by, revoked_at, revoked_by, search)
VALUES (@id, @version, @grantor_workspace_id, @grantee_workspace_id, @grantee_application_id, @name, @scopes, @expires, @status, @secret_version, @hint,
       @disclosure, @sealed, @hash, @secret_created_at, @secret_retires_at, @last_used_at, @last_used_address, @created_at, @created_by, @revoked_at,
       @revoked_by, @search)
ON CONFLICT (id) DO UPDATE SET
       version = excluded.version, grantor_workspace_id = excluded.grantor_workspace_id, grantee_workspace_id = excluded.grantee_workspace_id,
       grantee_application_id = excluded.grantee_application_id, name = excluded.name, scopes = excluded.scopes, expires = excluded.expires,
       status = excluded.status, secret_version = excluded.secret_version, hint = excluded.hint, disclosure = excluded.disclosure, sealed = excluded.sealed,
       hash = excluded.hash, secret_created_at = excluded.secret_created_at, secret_retires_at = excluded.secret_retires_at,
       last_used_at = excluded.last_used_at, last_used_address = excluded.last_used_address, created_at = excluded.created_at,
       created_by = excluded.created_by, revoked_at = excluded.revoked_at, revoked_by = excluded.revoked_by, search = excluded.search
