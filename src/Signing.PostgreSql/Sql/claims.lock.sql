-- One at a time changes what is remembered. A slot that cannot be had soon fails the change and not those who wait for it; a
-- node that stops in the middle, its connection still open, does not keep the others from claiming; the horizon must be on disk
-- before anything is accepted under it.
SELECT set_config('lock_timeout', @patience, true), set_config('idle_in_transaction_session_timeout', @patience, true), set_config('synchronous_commit', 'on', true);
SELECT horizon FROM signing.claim_mark FOR UPDATE;
