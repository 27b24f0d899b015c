-- One writer at a time: what must be unique or exist is judged by rows that nobody else is changing.
-- A node that stops in the middle, its connection still open, does not keep the others from writing.
SELECT number, set_config('idle_in_transaction_session_timeout', '10s', true) FROM signing.change_head FOR UPDATE;
