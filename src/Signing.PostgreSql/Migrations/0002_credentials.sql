-- The rows of the credential store. Ids, Keys and hashes are compared byte by byte; name_key and search are upper-cased by the
-- host, by the rules of .NET, so that the database's locale does not decide which two names are one. A constraint that a change
-- may break in passing, as when two names are swapped, is checked when it is committed.
CREATE TABLE signing.workspace (
    id                 text COLLATE "C" PRIMARY KEY,
    version            bigint      NOT NULL,
    name               text        NOT NULL,
    enabled            boolean     NOT NULL,
    disclosure         smallint    NOT NULL,
    bundle_id_required boolean     NOT NULL,
    default_lifetime   interval,
    rotation_age       interval    NOT NULL,
    rotation_overlap   interval    NOT NULL,
    created_at         timestamptz NOT NULL,
    created_by         text        NOT NULL,
    search             text COLLATE "C" NOT NULL
);
CREATE INDEX workspace_newest ON signing.workspace (created_at DESC, id DESC);

CREATE TABLE signing.application (
    id             text COLLATE "C" PRIMARY KEY,
    version        bigint      NOT NULL,
    workspace_id   text COLLATE "C" NOT NULL REFERENCES signing.workspace (id) DEFERRABLE INITIALLY DEFERRED,
    name           text        NOT NULL,
    bundle_id      text COLLATE "C",
    description    text,
    connected_apis text[] COLLATE "C" NOT NULL,
    status         smallint    NOT NULL,
    created_at     timestamptz NOT NULL,
    created_by     text        NOT NULL,
    search         text COLLATE "C" NOT NULL,
    CONSTRAINT application_bundle_id UNIQUE (workspace_id, bundle_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX application_newest ON signing.application (created_at DESC, id DESC);
CREATE INDEX application_of_workspace ON signing.application (workspace_id, created_at DESC, id DESC);

-- The last use is written often and stands in no index: there is room in each page for the row's next version.
CREATE TABLE signing.credential (
    id                    text COLLATE "C" PRIMARY KEY,
    version               bigint      NOT NULL,
    application_id        text COLLATE "C" NOT NULL REFERENCES signing.application (id) DEFERRABLE INITIALLY DEFERRED,
    workspace_id          text COLLATE "C" NOT NULL REFERENCES signing.workspace (id) DEFERRABLE INITIALLY DEFERRED,
    kind                  smallint    NOT NULL,
    key                   text COLLATE "C" CHECK (char_length(key) <= 256),
    name                  text        NOT NULL,
    name_key              text COLLATE "C",
    parent_id             text COLLATE "C" REFERENCES signing.credential (id) DEFERRABLE INITIALLY DEFERRED,
    environment           text        NOT NULL,
    scopes                text[] COLLATE "C" NOT NULL,
    client_secret_allowed boolean     NOT NULL,
    not_before            timestamptz,
    expires               timestamptz,
    status                smallint    NOT NULL,
    revokes_at            timestamptz,
    last_used_at          timestamptz,
    last_used_address     text,
    created_at            timestamptz NOT NULL,
    created_by            text        NOT NULL,
    revoked_at            timestamptz,
    revoked_by            text,
    revoked_for           text,
    search                text COLLATE "C" NOT NULL,
    CONSTRAINT credential_key UNIQUE (key) DEFERRABLE INITIALLY DEFERRED,
    -- Null once it is revoked: the name is free again.
    CONSTRAINT credential_name UNIQUE (workspace_id, name_key) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 85);
CREATE INDEX credential_newest ON signing.credential (created_at DESC, id DESC);
CREATE INDEX credential_of_workspace ON signing.credential (workspace_id, created_at DESC, id DESC);
CREATE INDEX credential_of_application ON signing.credential (application_id, created_at DESC, id DESC);
CREATE INDEX credential_of_parent ON signing.credential (parent_id) WHERE parent_id IS NOT NULL;
-- What time ends: 3 is revoked.
CREATE INDEX credential_to_settle ON signing.credential (revokes_at) WHERE revokes_at IS NOT NULL AND status <> 3;

CREATE TABLE signing.credential_secret (
    credential_id     text COLLATE "C" NOT NULL REFERENCES signing.credential (id) ON DELETE CASCADE,
    version           int         NOT NULL,
    position          smallint    NOT NULL,
    hint              text        NOT NULL,
    disclosure        smallint    NOT NULL,
    sealed            bytea,
    hash              bytea CHECK (octet_length(hash) = 32),
    created_at        timestamptz NOT NULL,
    retires_at        timestamptz,
    last_used_at      timestamptz,
    last_used_address text,
    PRIMARY KEY (credential_id, version),
    CONSTRAINT credential_secret_hash UNIQUE (hash) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 85);
CREATE INDEX credential_secret_to_settle ON signing.credential_secret (retires_at) WHERE retires_at IS NOT NULL AND (sealed IS NOT NULL OR hash IS NOT NULL);

CREATE TABLE signing.sharing_key (
    id                     text COLLATE "C" PRIMARY KEY,
    version                bigint      NOT NULL,
    grantor_workspace_id   text COLLATE "C" NOT NULL REFERENCES signing.workspace (id) DEFERRABLE INITIALLY DEFERRED,
    grantee_workspace_id   text COLLATE "C",
    grantee_application_id text COLLATE "C",
    name                   text        NOT NULL,
    scopes                 text[] COLLATE "C" NOT NULL,
    expires                timestamptz,
    status                 smallint    NOT NULL,
    secret_version         int         NOT NULL,
    hint                   text        NOT NULL,
    disclosure             smallint    NOT NULL,
    sealed                 bytea,
    hash                   bytea CHECK (octet_length(hash) = 32),
    secret_created_at      timestamptz NOT NULL,
    secret_retires_at      timestamptz,
    last_used_at           timestamptz,
    last_used_address      text,
    created_at             timestamptz NOT NULL,
    created_by             text        NOT NULL,
    revoked_at             timestamptz,
    revoked_by             text,
    search                 text COLLATE "C" NOT NULL,
    CONSTRAINT sharing_key_hash UNIQUE (hash) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 85);
CREATE INDEX sharing_key_newest ON signing.sharing_key (created_at DESC, id DESC);
CREATE INDEX sharing_key_of_grantor ON signing.sharing_key (grantor_workspace_id);
CREATE INDEX sharing_key_of_grantee ON signing.sharing_key (grantee_workspace_id) WHERE grantee_workspace_id IS NOT NULL;

-- The events, numbered without a gap, so that one that was taken out is missed.
CREATE TABLE signing.audit_head (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    number bigint  NOT NULL
);
INSERT INTO signing.audit_head (number) VALUES (0);

CREATE TABLE signing.audit (
    number             bigint PRIMARY KEY,
    at                 timestamptz NOT NULL,
    actor              text        NOT NULL,
    action             text        NOT NULL,
    target             text COLLATE "C" NOT NULL,
    workspace_id       text COLLATE "C" NOT NULL,
    other_workspace_id text COLLATE "C",
    address            text,
    outcome            text        NOT NULL,
    search             text COLLATE "C" NOT NULL
);
CREATE INDEX audit_of_workspace ON signing.audit (workspace_id, number DESC);
CREATE INDEX audit_of_other_workspace ON signing.audit (other_workspace_id, number DESC) WHERE other_workspace_id IS NOT NULL;

CREATE FUNCTION signing.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN
    RAISE EXCEPTION 'The audit is only ever appended to.';
END
$refuse$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON signing.audit
    FOR EACH STATEMENT EXECUTE FUNCTION signing.refuse_audit_change();

-- What tells a wrong key ring from a damaged Secret.
CREATE TABLE signing.credential_canary (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    sealed bytea   NOT NULL
);
