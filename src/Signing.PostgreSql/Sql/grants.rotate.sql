UPDATE signing.token_grant
SET sequence = @sequence, key_version = @key_version, scopes = @scopes, rotated_at = @rotated_at, access_expires = @access_expires, refresh_expires = @refresh_expires,
    is_used = @is_used, revoked_at = @revoked_at, revoked_for = @revoked_for
WHERE id = @id;
