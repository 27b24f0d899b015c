-- One node tidies at a time.
SELECT pg_try_advisory_xact_lock(hashtextextended('signing.credential', 0));
