WITH noted AS MATERIALIZED (
    SELECT k.id, used.at, used.address
    FROM signing.sharing_key k JOIN unnest(@ids, @at, @addresses) AS used (id, at, address) ON used.id = k.id
    WHERE k.last_used_at IS NULL OR used.at >= k.last_used_at + @interval
    ORDER BY k.id FOR NO KEY UPDATE OF k
)
UPDATE signing.sharing_key k SET last_used_at = noted.at, last_used_address = noted.address
FROM noted WHERE k.id = noted.id AND (k.last_used_at IS NULL OR noted.at >= k.last_used_at + @interval)
