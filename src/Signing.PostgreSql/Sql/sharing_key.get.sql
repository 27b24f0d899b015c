SELECT id, version, grantor_workspace_id, grantee_workspace_id, grantee_application_id, name, scopes, expires, status, secret_version, hint, disclosure,
       sealed, hash, secret_created_at, secret_retires_at, last_used_at, last_used_address, created_at, created_by, revoked_at, revoked_by
FROM signing.sharing_key WHERE id = ANY (@ids)
