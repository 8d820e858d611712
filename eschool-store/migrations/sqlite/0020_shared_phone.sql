-- Phones that two people of a school were once seen to share, and which identify nobody since. A row
-- names no school and no account.

CREATE TABLE shared_phone (
    key_hash     BLOB NOT NULL PRIMARY KEY,
    phone_sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
