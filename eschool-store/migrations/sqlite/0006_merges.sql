-- Joining accounts into persons: what was done, to be undone, and who is settled to be two people.

CREATE TABLE merge (
    merge_id  BLOB NOT NULL PRIMARY KEY,
    at        INTEGER NOT NULL,
    actor_id  BLOB,
    undone_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE merge_move (
    merge_id    BLOB NOT NULL,
    school_id   BLOB NOT NULL,
    account_id  BLOB NOT NULL,
    from_person BLOB NOT NULL,
    into_person BLOB NOT NULL,
    PRIMARY KEY (merge_id, school_id, account_id)
) STRICT, WITHOUT ROWID;

-- Each pair once, the smaller identifier first.
CREATE TABLE kept_apart (
    one_id   BLOB NOT NULL,
    other_id BLOB NOT NULL,
    PRIMARY KEY (one_id, other_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX kept_apart_by_other ON kept_apart (other_id, one_id);
