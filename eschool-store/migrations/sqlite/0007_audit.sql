-- The chains of the audit: which seal an entry stands under, and at which place of its chain.

ALTER TABLE audit ADD COLUMN seal INTEGER;
ALTER TABLE audit ADD COLUMN place INTEGER;

CREATE INDEX audit_unsealed ON audit
    (ifnull(school_id, x'00000000000000000000000000000000'), entry) WHERE seal IS NULL;
CREATE INDEX audit_sealed ON audit
    (ifnull(school_id, x'00000000000000000000000000000000'), seal, place) WHERE seal IS NOT NULL;

CREATE TABLE audit_seal (
    -- nil for the chain of what is about no school
    school_id BLOB NOT NULL,
    number    INTEGER NOT NULL,
    last      INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    former    BLOB NOT NULL,
    tags      BLOB NOT NULL,
    mac       BLOB NOT NULL,
    PRIMARY KEY (school_id, number)
) STRICT, WITHOUT ROWID;

-- With which keys the installation was begun: what they make of a constant.

CREATE TABLE installation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    mac BLOB NOT NULL
) STRICT;
