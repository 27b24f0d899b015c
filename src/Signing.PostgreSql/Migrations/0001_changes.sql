-- What has changed, in the order in which it was committed: whoever writes holds the one row of change_head until then.
CREATE TABLE signing.change_head (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    number bigint  NOT NULL
);
INSERT INTO signing.change_head (number) VALUES (0);

-- The latest notes: a node that was away for longer forgets all it has in memory.
CREATE TABLE signing.change (
    number  bigint      NOT NULL,
    part    smallint    NOT NULL,
    at      timestamptz NOT NULL,
    kind    smallint    NOT NULL,
    subject text        NOT NULL,
    PRIMARY KEY (number, part)
);
