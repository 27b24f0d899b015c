-- One sweeps at a time: it takes many counts, which others take one by one.
SELECT pg_try_advisory_xact_lock(hashtextextended('signing.token_grant', 0));
