-- Begins a memory in which every slot is empty. All of them are held at once, as whoever claims in two of them would hold one
-- and wait for the other.
LOCK TABLE signing.claim IN SHARE ROW EXCLUSIVE MODE;
SELECT signing.clear_claims(ARRAY(SELECT generate_series(0, 31)::smallint));
DELETE FROM signing.claim_memory;
INSERT INTO signing.claim_memory (base, home, started, floor, cleared, width, length)
VALUES ((SELECT oid FROM pg_database WHERE datname = current_database()), 'signing.claim_memory'::regclass, pg_postmaster_start_time(), @floor, @cleared, @width, @length);
