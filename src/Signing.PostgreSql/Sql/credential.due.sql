-- What time has ended by now: revocations whose instant has come, and Secrets that have retired.
SELECT id FROM (
    SELECT id FROM signing.credential WHERE revokes_at <= coalesce(@now, transaction_timestamp()) AND status <> 3
    UNION
    SELECT credential_id FROM signing.credential_secret
    WHERE retires_at <= coalesce(@now, transaction_timestamp()) AND (sealed IS NOT NULL OR hash IS NOT NULL)
) AS due ORDER BY id LIMIT @limit
