-- One grant that nobody else changes until the transaction ends, and the time. The row may be newer than the number of the
-- change, never older: whoever waited for it gets it as it became, and the number as it was.
SELECT (SELECT number FROM signing.change_head), g.id, g.client_key, g.credential_id, g.application_id, g.acting_workspace_id, g.workspace_id, g.sharing_key_id, g.scopes,
       g.sequence, g.key_version, g.issued, g.rotated_at, g.access_expires, g.refresh_expires, g.is_used, g.revoked_at, g.revoked_for,
       coalesce(@now, clock_timestamp())
FROM signing.token_grant AS g WHERE g.id = @id FOR UPDATE;
