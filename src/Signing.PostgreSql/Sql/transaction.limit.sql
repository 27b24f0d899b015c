-- A node that stops in the middle, its connection still open, does not keep for long what the others wait for.
SELECT set_config('idle_in_transaction_session_timeout', '10s', true);
