-- The next Secrets in their order, with the seal of those that were not sealed with the newest key of the ring.
SELECT credential_id, version, CASE WHEN substring(sealed FROM 1 FOR octet_length(@header)) <> @header THEN sealed END
FROM signing.credential_secret
WHERE (credential_id, version) > (@id, @version)
ORDER BY credential_id, version LIMIT @limit
