COPY signing.token_grant (id, client_key, credential_id, application_id, acting_workspace_id, workspace_id, sharing_key_id, scopes, sequence, key_version,
    issued, rotated_at, access_expires, refresh_expires, is_used, revoked_at, revoked_for, forget_at, part) FROM STDIN (FORMAT BINARY)
