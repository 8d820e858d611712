-- Signing in through ЕСИА: how a session began and what was chosen in it, the accounts a person
-- has, refusals kept under a case code, duties, invitations.

ALTER TABLE session ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN choose INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN chosen_account BLOB;

CREATE INDEX session_by_end ON session (expires_at, token_hash);

-- Which accounts a person has, found by the person.
CREATE TABLE membership (
    person_id  BLOB NOT NULL,
    school_id  BLOB NOT NULL,
    account_id BLOB NOT NULL,
    PRIMARY KEY (person_id, school_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX membership_of_account ON membership (school_id, account_id);

INSERT INTO membership (person_id, school_id, account_id)
SELECT person_id, school_id, account_id FROM account;

CREATE TABLE refused_sign_in (
    case_code   TEXT NOT NULL PRIMARY KEY,
    -- the person's number in ЕСИА, as a keyed hash
    person_key  BLOB NOT NULL,
    at          INTEGER NOT NULL,
    refusal     TEXT NOT NULL,
    expires_at  INTEGER NOT NULL,
    -- what ЕСИА said of the person
    said_sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX refused_sign_in_by_end ON refused_sign_in (expires_at, case_code);
CREATE INDEX refused_sign_in_of_person ON refused_sign_in (person_key, case_code);

-- Which case was opened or read.
ALTER TABLE audit ADD COLUMN case_code TEXT;

CREATE TABLE duty (
    school_id  BLOB NOT NULL,
    account_id BLOB NOT NULL,
    duty       TEXT NOT NULL,
    since      TEXT NOT NULL,
    PRIMARY KEY (school_id, account_id, duty)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
    token_hash BLOB NOT NULL PRIMARY KEY,
    school_id  BLOB NOT NULL,
    duty       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    used_by    BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX invitation_by_end ON invitation (expires_at, token_hash);

-- Whether the adult acts for the child, where the school says so of this very bond.
ALTER TABLE guardianship ADD COLUMN legal_representative INTEGER;
