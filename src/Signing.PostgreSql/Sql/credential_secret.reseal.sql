-- Unless somebody has changed a seal meanwhile. The rows of the credentials are locked.
UPDATE signing.credential_secret s SET sealed = renewed.sealed
FROM unnest(@ids, @versions, @known, @sealed) AS renewed (id, version, known, sealed)
WHERE s.credential_id = renewed.id AND s.version = renewed.version AND s.sealed = renewed.known
