-- Journals that teachers write: which state of a lesson somebody saw, remarks, what marks were
-- before and who changed them, a school's rules of assessment, and what happened in diaries.

ALTER TABLE lesson ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- A pupil's remarks stand together by date, as marks do.
CREATE TABLE remark (
    school_id BLOB NOT NULL,
    pupil_id  BLOB NOT NULL,
    date      TEXT NOT NULL,
    lesson_id BLOB NOT NULL,
    position  INTEGER NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (school_id, pupil_id, date, lesson_id, position),
    UNIQUE (school_id, lesson_id, pupil_id, position)
) STRICT, WITHOUT ROWID;

-- What became of a mark; it outlives the mark.
CREATE TABLE mark_revision (
    school_id BLOB NOT NULL,
    lesson_id BLOB NOT NULL,
    -- a UUIDv7, so that changes stand in the order they were made
    entry_id  BLOB NOT NULL,
    mark_id   BLOB NOT NULL,
    pupil_id  BLOB NOT NULL,
    old_value TEXT NOT NULL,
    -- none for a mark that was taken back
    new_value TEXT,
    -- none where a file brought the change
    by_id     BLOB,
    at        INTEGER NOT NULL,
    comment   TEXT,
    PRIMARY KEY (school_id, lesson_id, entry_id)
) STRICT, WITHOUT ROWID;

INSERT INTO mark_revision
  (school_id, lesson_id, entry_id, mark_id, pupil_id, old_value, new_value, at)
SELECT c.school_id, m.lesson_id, unhex(printf('%032x', c.entry)), c.mark_id, m.pupil_id,
  c.old_value, c.new_value, c.at
FROM mark_change c JOIN mark m ON m.school_id = c.school_id AND m.mark_id = c.mark_id;

DROP TABLE mark_change;

CREATE TABLE grading (
    school_id BLOB NOT NULL PRIMARY KEY,
    -- as the core writes it
    rules     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened in the diaries of a school, one after the other.
CREATE TABLE event (
    school_id BLOB NOT NULL,
    cursor    INTEGER NOT NULL,
    pupil_id  BLOB NOT NULL,
    at        INTEGER NOT NULL,
    -- as the core writes it
    what      TEXT NOT NULL,
    PRIMARY KEY (school_id, cursor)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_of_pupil ON event (school_id, pupil_id, cursor);

CREATE INDEX stay_of_class ON stay (school_id, class_id);

-- Which lesson was looked at or written.
ALTER TABLE audit ADD COLUMN lesson_id BLOB;
