-- Journals that teachers write: which state of a lesson somebody saw, remarks, what marks were
-- before and who changed them, a school's rules of assessment, and what happened in diaries.

ALTER TABLE lesson ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- A pupil's remarks stand together by date, as marks do.
CREATE TABLE remark (
    school_id uuid NOT NULL,
    pupil_id  uuid NOT NULL,
    date      date NOT NULL,
    lesson_id uuid NOT NULL,
    position  integer NOT NULL,
    text      text COLLATE "C" NOT NULL,
    PRIMARY KEY (school_id, pupil_id, date, lesson_id, position)
) PARTITION BY RANGE (date);

CREATE INDEX remark_of_lesson ON remark (school_id, lesson_id, pupil_id);

-- What became of a mark; it outlives the mark.
CREATE TABLE mark_revision (
    school_id uuid NOT NULL REFERENCES school,
    lesson_id uuid NOT NULL,
    -- a UUIDv7, so that changes stand in the order they were made
    entry_id  uuid NOT NULL,
    mark_id   uuid NOT NULL,
    pupil_id  uuid NOT NULL,
    old_value text COLLATE "C" NOT NULL,
    -- none for a mark that was taken back
    new_value text COLLATE "C",
    -- none where a file brought the change
    by_id     uuid,
    at        timestamptz NOT NULL,
    comment   text COLLATE "C",
    PRIMARY KEY (school_id, lesson_id, entry_id)
);

INSERT INTO mark_revision
  (school_id, lesson_id, entry_id, mark_id, pupil_id, old_value, new_value, at)
SELECT c.school_id, m.lesson_id, c.entry, c.mark_id, m.pupil_id, c.old_value, c.new_value, c.at
FROM mark_change c JOIN mark m ON m.school_id = c.school_id AND m.mark_id = c.mark_id;

DROP TABLE mark_change;

CREATE TABLE grading (
    school_id uuid NOT NULL PRIMARY KEY REFERENCES school,
    -- as the core writes it
    rules     text COLLATE "C" NOT NULL
);

-- What happened in the diaries of a school, one after the other.
CREATE TABLE event (
    school_id uuid NOT NULL REFERENCES school,
    cursor    bigint NOT NULL,
    pupil_id  uuid NOT NULL,
    at        timestamptz NOT NULL,
    -- as the core writes it
    what      text COLLATE "C" NOT NULL,
    PRIMARY KEY (school_id, cursor)
);

CREATE INDEX event_of_pupil ON event (school_id, pupil_id, cursor);

CREATE INDEX stay_of_class ON stay (school_id, class_id);

-- Which lesson was looked at or written.
ALTER TABLE audit ADD COLUMN lesson_id uuid;
