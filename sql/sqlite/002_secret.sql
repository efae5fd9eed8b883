-- What may be replaced or forgotten without a trace: password hashes, sessions, tokens, links.
-- Nothing of it is a figure, and no version of it is kept. Meanings: docs/mechanisms/accounts.md.
CREATE TABLE secret (
    kind  TEXT NOT NULL,
    id    TEXT NOT NULL,
    batch INTEGER NOT NULL,
    json  TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
