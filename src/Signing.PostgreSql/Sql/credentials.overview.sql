-- What CredentialStates and KeyHealthRules say, for all credentials at once. The states are numbered as CredentialState is: 1 scheduled,
-- 2 active, 3 rotating, 4 expiring soon, 5 expired, 6 suspended, 7 revoked. Rows of sort 0 count a state, 1 are those that
-- expire soon, 2 those that are overdue, 3 counts the applications.
WITH secret AS (
    SELECT credential_id,
           (array_agg(created_at ORDER BY position DESC) FILTER (WHERE retires_at IS NULL))[1] AS current_since,
           (array_agg(retires_at ORDER BY position DESC) FILTER (WHERE retires_at IS NOT NULL))[1] AS retires_at
    FROM signing.credential_secret WHERE sealed IS NOT NULL OR hash IS NOT NULL GROUP BY credential_id
), shown AS MATERIALIZED (
    SELECT c.id, c.created_at, least(c.revokes_at, c.expires) AS ends, s.current_since,
           c.kind = 1 AND extract(epoch FROM @at - s.current_since) >= extract(epoch FROM w.rotation_age) AS is_due,
           CASE
               WHEN c.status NOT IN (1, 2) OR c.revokes_at <= @at THEN 7
               WHEN c.status = 2 THEN 6
               WHEN c.expires <= @at THEN 5
               WHEN c.not_before > @at THEN 1
               WHEN least(c.revokes_at, c.expires) <= @soon THEN 4
               WHEN s.retires_at > @at THEN 3
               ELSE 2
           END AS state
    FROM signing.credential c JOIN signing.workspace w ON w.id = c.workspace_id LEFT JOIN secret s ON s.credential_id = c.id
    WHERE @workspaces::text[] IS NULL OR c.workspace_id = ANY (@workspaces)
)
SELECT 0, state, count(*)::int, NULL::text FROM shown GROUP BY state
UNION ALL (SELECT 1, 0, 0, id FROM shown WHERE state = 4 ORDER BY ends, created_at DESC, id DESC LIMIT @limit)
UNION ALL (SELECT 2, 0, 0, id FROM shown WHERE is_due AND state NOT IN (5, 7) ORDER BY current_since, created_at DESC, id DESC LIMIT @limit)
UNION ALL SELECT 3, 0, count(*)::int, NULL FROM signing.application WHERE @workspaces::text[] IS NULL OR workspace_id = ANY (@workspaces)
