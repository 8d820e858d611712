-- The access of apps on devices; each has a code first, then tokens. Hashes alone are kept of these.

CREATE TABLE app_grant (
    person_id      BLOB NOT NULL,
    grant_id       BLOB NOT NULL,
    client         TEXT NOT NULL,
    -- what the app called the device
    device         TEXT,
    -- what was granted, as the core writes it
    accounts       TEXT NOT NULL,
    method         TEXT NOT NULL,
    choose         INTEGER NOT NULL,
    chosen_account BLOB,
    code_hash      BLOB NOT NULL,
    -- the session in which it was granted
    approved_in    BLOB NOT NULL,
    redirect_uri   TEXT NOT NULL,
    challenge_hash BLOB NOT NULL,
    -- both nothing until the code is redeemed
    family_hash    BLOB,
    turn_hash      BLOB,
    created_at     INTEGER NOT NULL,
    used_at        INTEGER NOT NULL,
    granted_until  INTEGER,
    expires_at     INTEGER NOT NULL,
    PRIMARY KEY (person_id, grant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX app_grant_by_end ON app_grant (expires_at, grant_id);

-- The access that a session is of, if it is an app's.
ALTER TABLE session ADD COLUMN grant_id BLOB;
-- When what the sign-in granted ends, if it does. Of sessions that are there it is not known, and they
-- grant nothing beyond their own end.
ALTER TABLE session ADD COLUMN granted_until INTEGER;
UPDATE session SET granted_until = expires_at;
