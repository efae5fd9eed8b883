-- The first layout. Meanings: docs/formats/store.md. Times are instants in
-- milliseconds (known, arrive, depart) or local days since 1970-01-01.

-- Every write belongs to one: when known, by whom, from what.
CREATE TABLE batch (
    id     INTEGER PRIMARY KEY,
    known  INTEGER NOT NULL,
    actor  TEXT NOT NULL,
    source TEXT NOT NULL,
    note   TEXT NOT NULL,
    hash   TEXT NOT NULL
) STRICT;

-- Facts about this store itself: the region's offset from UTC, in slots.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('offset', 18);

CREATE TABLE series (
    id       INTEGER PRIMARY KEY,
    owner    TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    role     INTEGER NOT NULL,
    exponent INTEGER NOT NULL,
    step_min INTEGER NOT NULL,
    UNIQUE (owner, quantity, role, exponent, step_min)
) STRICT;

-- The latest of each day, packed (docs/formats/block.md). Imports append; the
-- town's curve is one scan; a meter's year is 365 keyed reads.
CREATE TABLE day (
    day    INTEGER NOT NULL,
    series INTEGER NOT NULL,
    batch  INTEGER NOT NULL,
    v      BLOB NOT NULL,
    PRIMARY KEY (day, series)
) STRICT, WITHOUT ROWID;

-- What a later knowledge-day replaced.
CREATE TABLE day_was (
    series INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    batch  INTEGER NOT NULL,
    v      BLOB NOT NULL,
    PRIMARY KEY (series, day, batch)
) STRICT, WITHOUT ROWID;

-- kWh between two dates; the row with the highest batch is the latest.
CREATE TABLE period (
    point     TEXT NOT NULL,
    quantity  INTEGER NOT NULL,
    day_from  INTEGER NOT NULL,
    day_to    INTEGER NOT NULL,
    batch     INTEGER NOT NULL,
    quality   INTEGER NOT NULL,
    energy_wh INTEGER NOT NULL,
    max_w     INTEGER,
    PRIMARY KEY (point, quantity, day_from, day_to, batch)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    vehicle TEXT NOT NULL,
    arrive  INTEGER NOT NULL,
    charger TEXT NOT NULL,
    depart  INTEGER NOT NULL,
    need_wh INTEGER NOT NULL,
    batch   INTEGER NOT NULL,
    PRIMARY KEY (vehicle, arrive)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_arrival ON session (arrive);

-- Accepted models, whole. A model that comes back is used again, not stored twice.
CREATE TABLE model (
    hash TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE model_use (
    id    INTEGER PRIMARY KEY,
    hash  TEXT NOT NULL REFERENCES model (hash),
    batch INTEGER NOT NULL
) STRICT;

CREATE TABLE record (
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    version INTEGER NOT NULL,
    batch   INTEGER NOT NULL,
    json    TEXT NOT NULL,
    PRIMARY KEY (kind, id, version)
) STRICT, WITHOUT ROWID;

-- The journal: append-only, chained by hash (docs/formats/hash.md).
CREATE TABLE entry (
    seq          INTEGER PRIMARY KEY,
    batch        INTEGER NOT NULL,
    day          INTEGER NOT NULL,
    from_account TEXT NOT NULL,
    to_account   TEXT NOT NULL,
    unit         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    ref          TEXT NOT NULL,
    amount       INTEGER NOT NULL CHECK (amount > 0),
    slots        BLOB,
    hash         BLOB NOT NULL
) STRICT;

-- Kept in the transaction of the entry. day 2147483647 is the sum over all days.
CREATE TABLE balance (
    account TEXT NOT NULL,
    unit    TEXT NOT NULL,
    day     INTEGER NOT NULL,
    total   INTEGER NOT NULL,
    slots   BLOB,
    PRIMARY KEY (account, unit, day)
) STRICT, WITHOUT ROWID;
