-- The row comes back only if it has changed: a revoked grant, another sequence and a second use change nothing.
UPDATE signing.token_grant AS g SET is_used = true
WHERE g.id = @id AND g.sequence = @sequence AND NOT g.is_used AND g.revoked_at IS NULL AND g.revoked_for = 0
RETURNING (SELECT number FROM signing.change_head), g.id, g.client_key, g.credential_id, g.application_id, g.acting_workspace_id, g.workspace_id, g.sharing_key_id, g.scopes,
       g.sequence, g.key_version, g.issued, g.rotated_at, g.access_expires, g.refresh_expires, g.is_used, g.revoked_at, g.revoked_for;
