-- School years that were archived, and how far each is dropped or restored.

CREATE TABLE year_archive (
    school_id    BLOB NOT NULL,
    -- the calendar year in which it begins
    year         INTEGER NOT NULL,
    state        TEXT NOT NULL,
    -- SHA-256 of the archive's lines before its last
    digest       BLOB NOT NULL,
    lines        INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    actor_id     BLOB,
    -- the order of the head by which it was dropped before its term
    order_number TEXT,
    order_date   TEXT,
    -- which drop or restore moves it; whoever begins another takes it over
    run_id       BLOB,
    PRIMARY KEY (school_id, year)
) STRICT, WITHOUT ROWID;
