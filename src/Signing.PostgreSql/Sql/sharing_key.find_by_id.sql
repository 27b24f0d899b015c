-- As sharing_key.find, by the id that tokens name.
SELECT head.number, w.enabled,
       k.id, k.version, k.grantor_workspace_id, k.grantee_workspace_id, k.grantee_application_id, k.name, k.scopes, k.expires, k.status, k.secret_version,
       k.hint, k.disclosure, k.sealed, k.hash, k.secret_created_at, k.secret_retires_at, k.last_used_at, k.last_used_address, k.created_at, k.created_by,
       k.revoked_at, k.revoked_by
FROM signing.change_head head
LEFT JOIN signing.sharing_key k ON k.id = @id
LEFT JOIN signing.workspace w ON w.id = k.grantor_workspace_id
