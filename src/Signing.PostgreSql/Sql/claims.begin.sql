-- Begins a memory in which every slot is empty.
LOCK TABLE signing.claim IN ACCESS EXCLUSIVE MODE;
SELECT signing.clear_claims(ARRAY(SELECT generate_series(0, 31)::smallint));
DELETE FROM signing.claim_memory;
INSERT INTO signing.claim_memory (home, started, floor, cleared, width, length)
VALUES ('signing.claim_memory'::regclass, pg_postmaster_start_time(), @floor, @cleared, @width, @length);
