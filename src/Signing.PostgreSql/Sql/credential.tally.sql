-- As application.tally, for the long-lived tokens of KeyPairs.
SELECT owner.id, tally.number, latest.last_used_at, latest.last_used_address
FROM unnest(@ids) AS owner (id)
CROSS JOIN LATERAL (SELECT count(*)::int AS number FROM signing.credential WHERE parent_id = owner.id) AS tally
LEFT JOIN LATERAL (
    SELECT last_used_at, last_used_address FROM signing.credential WHERE parent_id = owner.id AND last_used_at IS NOT NULL ORDER BY last_used_at DESC LIMIT 1
) AS latest ON true
