-- Joining accounts into persons: what was done, to be undone, and who is settled to be two people.

CREATE TABLE merge (
    merge_id  uuid NOT NULL PRIMARY KEY,
    at        timestamptz NOT NULL,
    actor_id  uuid,
    undone_at timestamptz
);

CREATE TABLE merge_move (
    merge_id    uuid NOT NULL,
    school_id   uuid NOT NULL,
    account_id  uuid NOT NULL,
    from_person uuid NOT NULL,
    into_person uuid NOT NULL,
    PRIMARY KEY (merge_id, school_id, account_id)
);

-- Each pair once, the smaller identifier first.
CREATE TABLE kept_apart (
    one_id   uuid NOT NULL,
    other_id uuid NOT NULL,
    PRIMARY KEY (one_id, other_id)
);

CREATE INDEX kept_apart_by_other ON kept_apart (other_id, one_id);
