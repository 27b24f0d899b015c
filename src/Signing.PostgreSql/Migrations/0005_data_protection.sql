-- The Data Protection key ring, as the framework writes it: keys, and revocations of keys.
CREATE TABLE signing.data_protection_key (
    id   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text        NOT NULL,
    xml  text        NOT NULL,
    at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
