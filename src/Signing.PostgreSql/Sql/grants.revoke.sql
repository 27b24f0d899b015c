-- Only once: the first reason stays.
UPDATE signing.token_grant SET revoked_at = coalesce(@now, clock_timestamp()), revoked_for = @reason
WHERE id = @id AND revoked_at IS NULL AND revoked_for = 0;
