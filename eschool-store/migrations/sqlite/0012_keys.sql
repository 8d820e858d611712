-- Keys as where a database is sharded: a card and its log by the school, a session by the person.

-- A card is found by its login too; one login has one card in the installation, for it begins with
-- the school's prefix.
CREATE TABLE new_credential (
    school_id  BLOB NOT NULL,
    account_id BLOB NOT NULL,
    login_hash BLOB NOT NULL,
    login      TEXT NOT NULL,
    phc        TEXT NOT NULL,
    issued_at  INTEGER NOT NULL,
    PRIMARY KEY (school_id, account_id),
    UNIQUE (school_id, login)
) STRICT, WITHOUT ROWID;

INSERT INTO new_credential (school_id, account_id, login_hash, login, phc, issued_at)
SELECT school_id, account_id, login_hash, login, phc, issued_at FROM credential;

DROP TABLE credential;
ALTER TABLE new_credential RENAME TO credential;
CREATE INDEX credential_by_login ON credential (login_hash);

-- Lines are numbered in each school, in the order in which they were appended.
CREATE TABLE new_card_journal (
    school_id  BLOB NOT NULL,
    entry      INTEGER NOT NULL,
    account_id BLOB NOT NULL,
    step       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (school_id, entry)
) STRICT, WITHOUT ROWID;

INSERT INTO new_card_journal (school_id, entry, account_id, step, at)
SELECT school_id, entry, account_id, step, at FROM card_journal;

DROP TABLE card_journal;
ALTER TABLE new_card_journal RENAME TO card_journal;
CREATE INDEX card_journal_of_account ON card_journal (school_id, account_id);

CREATE TABLE new_session (
    person_id      BLOB NOT NULL,
    token_hash     BLOB NOT NULL,
    -- what was granted, as the core writes it
    accounts       TEXT NOT NULL,
    method         TEXT NOT NULL,
    choose         INTEGER NOT NULL,
    chosen_account BLOB,
    password_ends  TEXT,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    PRIMARY KEY (person_id, token_hash)
) STRICT, WITHOUT ROWID;

INSERT INTO new_session
  (person_id, token_hash, accounts, method, choose, chosen_account, password_ends, created_at,
   expires_at)
SELECT person_id, token_hash, accounts, method, choose, chosen_account, password_ends, created_at,
  expires_at FROM session;

DROP TABLE session;
ALTER TABLE new_session RENAME TO session;
CREATE INDEX session_by_end ON session (expires_at, token_hash);
