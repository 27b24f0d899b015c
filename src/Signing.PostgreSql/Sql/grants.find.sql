-- One grant, or a row without one, and the last change that the statement has seen.
SELECT (SELECT number FROM signing.change_head), g.id, g.client_key, g.credential_id, g.application_id, g.acting_workspace_id, g.workspace_id, g.sharing_key_id, g.scopes,
       g.sequence, g.key_version, g.issued, g.rotated_at, g.access_expires, g.refresh_expires, g.is_used, g.revoked_at, g.revoked_for
FROM (VALUES (true)) AS always LEFT JOIN signing.token_grant AS g ON g.id = @id;
