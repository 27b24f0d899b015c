-- Some grants of an owner, as GrantOwner numbers them. It is planned for each call, so that the index of the owner is taken.
WITH owned AS (
    SELECT id FROM signing.token_grant
    WHERE revoked_at IS NULL AND revoked_for = 0
      AND ((@owner = 1 AND client_key = @value)
        OR (@owner = 2 AND credential_id = @value)
        OR (@owner = 3 AND application_id = @value)
        OR (@owner = 4 AND (workspace_id = @value OR acting_workspace_id = @value))
        OR (@owner = 5 AND sharing_key_id = @value))
    LIMIT @most FOR UPDATE
)
UPDATE signing.token_grant AS g SET revoked_at = coalesce(@now, clock_timestamp()), revoked_for = @reason FROM owned WHERE g.id = owned.id;
