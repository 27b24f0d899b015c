-- Some grants whose end may have come: those that have ended go, those that were refreshed meanwhile are put off.
WITH clock AS MATERIALIZED (
    SELECT coalesce(@now, clock_timestamp()) AS now
), due AS (
    SELECT id, greatest(access_expires, refresh_expires) AS ends FROM signing.token_grant
    WHERE forget_at <= (SELECT now FROM clock)
    ORDER BY forget_at
    LIMIT @most FOR UPDATE SKIP LOCKED
), put_off AS (
    UPDATE signing.token_grant AS g SET forget_at = due.ends FROM due, clock WHERE g.id = due.id AND due.ends > clock.now
)
DELETE FROM signing.token_grant AS g USING due, clock WHERE g.id = due.id AND due.ends <= clock.now RETURNING g.client_key, g.part;
