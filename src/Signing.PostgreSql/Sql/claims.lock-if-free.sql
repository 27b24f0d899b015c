-- As claims.lock, but finds no row while somebody else changes what is remembered.
SELECT set_config('lock_timeout', @patience, true), set_config('idle_in_transaction_session_timeout', @patience, true), set_config('synchronous_commit', 'on', true);
SELECT horizon FROM signing.claim_mark FOR UPDATE SKIP LOCKED;
