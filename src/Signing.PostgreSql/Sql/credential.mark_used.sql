-- Only forward, and at most once a minute; in the order of the ids, like all who lock several. Whoever changes the rows of Secrets
-- has the row of their credential locked.
WITH noted AS MATERIALIZED (
    SELECT c.id FROM signing.credential c
    WHERE c.id IN (
        SELECT used.id FROM unnest(@ids, @versions, @at) AS used (id, version, at)
        JOIN signing.credential known ON known.id = used.id
        LEFT JOIN signing.credential_secret s ON s.credential_id = used.id AND s.version = used.version
        WHERE known.last_used_at IS NULL OR used.at >= known.last_used_at + @interval
           OR (s.version IS NOT NULL AND (s.last_used_at IS NULL OR used.at >= s.last_used_at + @interval)))
    ORDER BY c.id FOR NO KEY UPDATE
), used AS (
    SELECT use.* FROM unnest(@ids, @versions, @at, @addresses) AS use (id, version, at, address) JOIN noted ON noted.id = use.id
), secrets AS (
    UPDATE signing.credential_secret s SET last_used_at = used.at, last_used_address = used.address
    FROM used WHERE s.credential_id = used.id AND s.version = used.version AND (s.last_used_at IS NULL OR used.at >= s.last_used_at + @interval)
)
UPDATE signing.credential c SET last_used_at = latest.at, last_used_address = latest.address
FROM (SELECT DISTINCT ON (id) id, at, address FROM used ORDER BY id, at DESC) AS latest
WHERE c.id = latest.id AND (c.last_used_at IS NULL OR latest.at >= c.last_used_at + @interval)
