-- One login and its refreshes. Tokens are not here: they are computed from the row and the master key.
-- A refresh changes no column that an index has, so the new version of the row stays on its page.
CREATE TABLE signing.token_grant (
    id                  uuid        PRIMARY KEY,
    client_key          text        NOT NULL,
    credential_id       text        NOT NULL,
    application_id      text,
    acting_workspace_id text,
    workspace_id        text,
    sharing_key_id      text,
    scopes              text[]      NOT NULL,
    sequence            int         NOT NULL,
    key_version         int         NOT NULL,
    issued              timestamptz NOT NULL,
    rotated_at          timestamptz NOT NULL,
    access_expires      timestamptz NOT NULL,
    refresh_expires     timestamptz,
    is_used             boolean     NOT NULL,
    revoked_at          timestamptz,
    revoked_for         smallint    NOT NULL,
    -- An end that the grant had once: when that comes, the row goes, or is put off to the end it has now.
    forget_at           timestamptz NOT NULL,
    part                smallint    NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX token_grant_by_forget_at ON signing.token_grant (forget_at);
CREATE INDEX token_grant_by_client ON signing.token_grant (client_key);
CREATE INDEX token_grant_by_credential ON signing.token_grant (credential_id);
CREATE INDEX token_grant_by_application ON signing.token_grant (application_id) WHERE application_id IS NOT NULL;
CREATE INDEX token_grant_by_acting_workspace ON signing.token_grant (acting_workspace_id) WHERE acting_workspace_id IS NOT NULL;
CREATE INDEX token_grant_by_workspace ON signing.token_grant (workspace_id) WHERE workspace_id IS NOT NULL;
CREATE INDEX token_grant_by_sharing_key ON signing.token_grant (sharing_key_id) WHERE sharing_key_id IS NOT NULL;

-- How many rows there are, in parts, so that logins of different clients do not wait for each other.
CREATE TABLE signing.token_grant_part (
    part  smallint PRIMARY KEY,
    count int      NOT NULL CHECK (count >= 0)
) WITH (fillfactor = 10);
INSERT INTO signing.token_grant_part (part, count) SELECT part, 0 FROM generate_series(0, 15) AS part;

-- How many of them each client has.
CREATE TABLE signing.token_grant_client (
    client_key text PRIMARY KEY,
    count      int  NOT NULL CHECK (count >= 0)
) WITH (fillfactor = 80);

-- Whoever has used a sharing key first that was granted to nobody in particular.
CREATE TABLE signing.sharing_key_binding (
    sharing_key_id text PRIMARY KEY,
    grantee        text NOT NULL
);

-- What all tokens are made with, sealed by Data Protection.
CREATE TABLE signing.master_key (
    version int         PRIMARY KEY CHECK (version > 0),
    sealed  bytea       NOT NULL,
    created timestamptz NOT NULL
);
