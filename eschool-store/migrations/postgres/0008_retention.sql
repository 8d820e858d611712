-- School years that were archived, and how far each is dropped or restored.

CREATE TABLE year_archive (
    school_id    uuid NOT NULL REFERENCES school,
    -- the calendar year in which it begins
    year         integer NOT NULL,
    state        text COLLATE "C" NOT NULL,
    -- SHA-256 of the archive's lines before its last
    digest       bytea NOT NULL,
    lines        bigint NOT NULL,
    at           timestamptz NOT NULL,
    actor_id     uuid,
    -- the order of the head by which it was dropped before its term
    order_number text COLLATE "C",
    order_date   date,
    -- which drop or restore moves it; whoever begins another takes it over
    run_id       uuid,
    PRIMARY KEY (school_id, year)
);
