-- Letters to who forgot a password, cases of who could not sign in, consents, grounds, excuses.

-- A letter that is to be sent; whom it is for is found when it is.
CREATE TABLE recovery_letter (
    letter_id    BLOB NOT NULL PRIMARY KEY,
    asked_at     INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    asked_sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX recovery_letter_by_due ON recovery_letter (due_at, letter_id);

-- The last link of an account: a newer one takes its place.
CREATE TABLE recovery_link (
    school_id  BLOB NOT NULL,
    account_id BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    link       TEXT NOT NULL,
    PRIMARY KEY (school_id, account_id),
    FOREIGN KEY (school_id, account_id) REFERENCES account (school_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE support_case (
    case_code   TEXT NOT NULL PRIMARY KEY,
    school_id   BLOB NOT NULL,
    case_sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consent (
    school_id BLOB NOT NULL,
    pupil_id  BLOB NOT NULL,
    purpose   TEXT NOT NULL,
    giver_id  BLOB NOT NULL,
    from_date TEXT NOT NULL,
    to_date   TEXT,
    revoked   TEXT,
    PRIMARY KEY (school_id, pupil_id, purpose, giver_id, from_date),
    FOREIGN KEY (school_id, pupil_id) REFERENCES account (school_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE data_basis (
    school_id    BLOB NOT NULL,
    account_id   BLOB NOT NULL,
    basis_id     BLOB NOT NULL,
    basis_sealed BLOB NOT NULL,
    PRIMARY KEY (school_id, account_id, basis_id),
    FOREIGN KEY (school_id, account_id) REFERENCES account (school_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE excuse (
    school_id     BLOB NOT NULL,
    pupil_id      BLOB NOT NULL,
    excuse_id     BLOB NOT NULL,
    from_date     TEXT NOT NULL,
    to_date       TEXT NOT NULL,
    excuse_sealed BLOB NOT NULL,
    PRIMARY KEY (school_id, pupil_id, excuse_id),
    FOREIGN KEY (school_id, pupil_id) REFERENCES account (school_id, account_id)
) STRICT, WITHOUT ROWID;
