-- Balances by day first: a batch of one day writes pages that lie together,
-- whatever the number of days before it.
CREATE TABLE balance_by_day (
    day     INTEGER NOT NULL,
    account TEXT NOT NULL,
    unit    TEXT NOT NULL,
    total   INTEGER NOT NULL,
    slots   BLOB,
    PRIMARY KEY (day, account, unit)
) STRICT, WITHOUT ROWID;
INSERT INTO balance_by_day SELECT day, account, unit, total, slots FROM balance ORDER BY day, account, unit;
DROP TABLE balance;
ALTER TABLE balance_by_day RENAME TO balance;

-- The journal by day (the proof, a statement) and by what an entry was posted for (corrections).
CREATE INDEX entry_by_day ON entry (day);
CREATE INDEX entry_by_ref ON entry (ref);

-- People, apart from the books, sealed with a key each. The keys stand in a file of their own
-- (mizo.keys): without its key a row says nothing, here and in every copy.
CREATE TABLE person (
    id     TEXT PRIMARY KEY,
    batch  INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
