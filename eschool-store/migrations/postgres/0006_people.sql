-- Letters to who forgot a password, cases of who could not sign in, consents, grounds, excuses.

-- A letter that is to be sent; whom it is for is found when it is.
CREATE TABLE recovery_letter (
    letter_id    uuid NOT NULL PRIMARY KEY,
    asked_at     timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    attempts     bigint NOT NULL,
    expires_at   timestamptz NOT NULL,
    asked_sealed bytea NOT NULL
);

-- Few letters wait at a time, and a mailer asks every server for those that are due.
CREATE INDEX recovery_letter_by_due ON recovery_letter (due_at, letter_id);

-- The last link of an account: a newer one takes its place.
CREATE TABLE recovery_link (
    school_id  uuid NOT NULL,
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    link       text COLLATE "C" NOT NULL,
    PRIMARY KEY (school_id, account_id),
    FOREIGN KEY (school_id, account_id) REFERENCES account (school_id, account_id)
);

CREATE TABLE support_case (
    case_code   text COLLATE "C" NOT NULL PRIMARY KEY,
    school_id   uuid NOT NULL,
    case_sealed bytea NOT NULL
);

CREATE TABLE consent (
    school_id uuid NOT NULL,
    pupil_id  uuid NOT NULL,
    purpose   text COLLATE "C" NOT NULL,
    giver_id  uuid NOT NULL,
    from_date date NOT NULL,
    to_date   date,
    revoked   date,
    PRIMARY KEY (school_id, pupil_id, purpose, giver_id, from_date),
    FOREIGN KEY (school_id, pupil_id) REFERENCES account (school_id, account_id)
);

CREATE TABLE data_basis (
    school_id    uuid NOT NULL,
    account_id   uuid NOT NULL,
    basis_id     uuid NOT NULL,
    basis_sealed bytea NOT NULL,
    PRIMARY KEY (school_id, account_id, basis_id),
    FOREIGN KEY (school_id, account_id) REFERENCES account (school_id, account_id)
);

CREATE TABLE excuse (
    school_id     uuid NOT NULL,
    pupil_id      uuid NOT NULL,
    excuse_id     uuid NOT NULL,
    from_date     date NOT NULL,
    to_date       date NOT NULL,
    excuse_sealed bytea NOT NULL,
    PRIMARY KEY (school_id, pupil_id, excuse_id),
    FOREIGN KEY (school_id, pupil_id) REFERENCES account (school_id, account_id)
);
