-- One node makes a key at a time; the others wait, and look again.
SELECT pg_advisory_xact_lock(hashtextextended('signing.data_protection_key', 0));
