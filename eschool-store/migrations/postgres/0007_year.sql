-- School years that were opened, to be undone, and who looked at or wrote what is about somebody.

CREATE TABLE new_year (
    school_id   uuid NOT NULL REFERENCES school,
    new_year_id uuid NOT NULL,
    -- the calendar year in which it begins
    year        integer NOT NULL,
    at          timestamptz NOT NULL,
    actor_id    uuid,
    undone_at   timestamptz,
    -- the rows before and after, as the core writes them
    change      text COLLATE "C" NOT NULL,
    PRIMARY KEY (school_id, new_year_id)
);

CREATE INDEX audit_by_subject ON audit (school_id, subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_by_actor ON audit (school_id, actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_by_lesson ON audit (school_id, lesson_id) WHERE lesson_id IS NOT NULL;

-- Of who is erased no move tells any more whose account it was.
CREATE INDEX merge_move_by_account ON merge_move (school_id, account_id);
