-- What proves which lookup keys after the first were written with: a program that lacks one of them would
-- find nobody whom it wrote.

CREATE TABLE lookup_mark (
    number INTEGER PRIMARY KEY,
    mac BLOB NOT NULL
) STRICT;
