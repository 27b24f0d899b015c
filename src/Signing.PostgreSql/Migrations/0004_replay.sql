-- The signatures that were accepted, in 32 slots of the signed time that are used in turn, each a table that is emptied as a
-- whole. Unlogged: a crash empties them all, and claim_memory with them.
CREATE TABLE signing.claim (
    slot        smallint NOT NULL,
    fingerprint uuid     NOT NULL,
    PRIMARY KEY (slot, fingerprint)
) PARTITION BY LIST (slot);

-- Rows are only added until the table is emptied, so there is nothing to vacuum.
DO $slots$
BEGIN
    FOR slot IN 0..31 LOOP
        EXECUTE format('CREATE UNLOGGED TABLE signing.claim_%s PARTITION OF signing.claim FOR VALUES IN (%s) WITH (autovacuum_enabled = false)', slot, slot);
    END LOOP;
END $slots$;

-- What the slots hold, in seconds since 1970. Without this row nothing is remembered. It counts only in the database, the
-- table and under the start of the server in which it was written: a copy that is brought back has forgotten what was
-- accepted after it.
CREATE UNLOGGED TABLE signing.claim_memory (
    single  boolean     PRIMARY KEY DEFAULT true CHECK (single),
    base    oid         NOT NULL,
    home    oid         NOT NULL,
    started timestamptz NOT NULL,
    floor   bigint      NOT NULL,
    cleared bigint      NOT NULL,
    width   bigint      NOT NULL,
    length  bigint      NOT NULL
);

-- Whatever was accepted at any time was created before the horizon. Logged, so that a crash does not lower it; its row is
-- also the lock of whoever changes what is remembered.
CREATE TABLE signing.claim_mark (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    horizon bigint  NOT NULL
);
INSERT INTO signing.claim_mark (horizon) VALUES (0);

-- Empties slots in which nobody is claiming any more, and nobody claims until the transaction ends: that is what the first lock
-- is for, and it is the only one that is waited for. A slot that is empty stays as it is, because new files, flushed to a slow
-- disk, may take longer than a claim may wait. A table that somebody reads cannot be truncated, and a backup reads for hours:
-- its rows are deleted one by one.
CREATE FUNCTION signing.clear_claims(slots smallint[]) RETURNS void LANGUAGE plpgsql AS $clear$
DECLARE
    slot smallint;
BEGIN
    FOREACH slot IN ARRAY slots LOOP
        EXECUTE format('LOCK TABLE signing.claim_%s IN SHARE ROW EXCLUSIVE MODE', slot);
        CONTINUE WHEN pg_relation_size(format('signing.claim_%s', slot)::regclass) = 0;
        BEGIN
            EXECUTE format('LOCK TABLE signing.claim_%s IN ACCESS EXCLUSIVE MODE NOWAIT', slot);
            EXECUTE format('TRUNCATE signing.claim_%s', slot);
        EXCEPTION WHEN lock_not_available THEN
            EXECUTE format('DELETE FROM signing.claim_%s', slot);
        END;
    END LOOP;
END $clear$;
