-- The access of apps on devices; each has a code first, then tokens. Hashes alone are kept of these.

CREATE TABLE app_grant (
    person_id      uuid NOT NULL,
    grant_id       uuid NOT NULL,
    client         text COLLATE "C" NOT NULL,
    -- what the app called the device
    device         text COLLATE "C",
    -- what was granted, as the core writes it
    accounts       text COLLATE "C" NOT NULL,
    method         text COLLATE "C" NOT NULL,
    choose         boolean NOT NULL,
    chosen_account uuid,
    code_hash      bytea NOT NULL,
    -- the session in which it was granted
    approved_in    bytea NOT NULL,
    redirect_uri   text COLLATE "C" NOT NULL,
    challenge_hash bytea NOT NULL,
    -- both nothing until the code is redeemed
    family_hash    bytea,
    turn_hash      bytea,
    created_at     timestamptz NOT NULL,
    used_at        timestamptz NOT NULL,
    granted_until  timestamptz,
    expires_at     timestamptz NOT NULL,
    PRIMARY KEY (person_id, grant_id)
);

CREATE INDEX app_grant_by_end ON app_grant (expires_at, grant_id);

-- The access that a session is of, if it is an app's.
ALTER TABLE session ADD COLUMN grant_id uuid;
-- When what the sign-in granted ends, if it does. Of sessions that are there it is not known, and they
-- grant nothing beyond their own end.
ALTER TABLE session ADD COLUMN granted_until timestamptz;
UPDATE session SET granted_until = expires_at;
