-- Claims a batch, and then, in the same transaction, reads what is remembered. The order is what makes it safe: the insert
-- holds its slots against being emptied, so what the second statement sees was true of them all the while.
INSERT INTO signing.claim (slot, fingerprint)
SELECT slot, fingerprint FROM unnest(@slots, @fingerprints) AS asked (slot, fingerprint)
ON CONFLICT DO NOTHING
RETURNING fingerprint;

SELECT memory.floor, memory.cleared, memory.width, memory.length, mark.horizon,
       floor(extract(epoch FROM coalesce(@now, clock_timestamp())))::bigint AS second,
       current_setting('transaction_isolation') = 'read committed' AS is_fresh
FROM signing.claim_memory AS memory CROSS JOIN signing.claim_mark AS mark
WHERE memory.home = memory.tableoid AND memory.started = pg_postmaster_start_time()
  AND memory.base = (SELECT oid FROM pg_database WHERE datname = current_database());
