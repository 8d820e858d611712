-- The chains of the audit: which seal an entry stands under, and at which place of its chain.

ALTER TABLE audit ADD COLUMN seal bigint;
ALTER TABLE audit ADD COLUMN place bigint;

CREATE INDEX audit_unsealed ON audit (school_id, entry) WHERE seal IS NULL;
CREATE INDEX audit_sealed ON audit (school_id, seal, place) WHERE seal IS NOT NULL;

CREATE TABLE audit_seal (
    -- nil for the chain of what is about no school
    school_id uuid NOT NULL,
    number    bigint NOT NULL,
    last      bigint NOT NULL,
    at        timestamptz NOT NULL,
    former    bytea NOT NULL,
    tags      bytea NOT NULL,
    mac       bytea NOT NULL,
    PRIMARY KEY (school_id, number)
);

-- With which keys the installation was begun: what they make of a constant.

CREATE TABLE installation (
    one smallint PRIMARY KEY CHECK (one = 1),
    mac bytea NOT NULL
);
