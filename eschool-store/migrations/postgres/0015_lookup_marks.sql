-- What proves which lookup keys after the first were written with: a program that lacks one of them would
-- find nobody whom it wrote.

CREATE TABLE lookup_mark (
    number bigint PRIMARY KEY,
    mac bytea NOT NULL
);
