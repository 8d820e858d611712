-- The first schema.
--
-- Keys of what a school owns begin with school_id, as they do where the database is sharded by
-- school. Identifiers are UUIDv7 in 16 bytes, dates are ISO 8601 text, instants are microseconds
-- since 1970 in UTC. Columns named *_sealed hold what only the key file opens, *_hash what only
-- the key file can make.

CREATE TABLE school (
    school_id    BLOB NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    founder      TEXT NOT NULL,
    municipality TEXT NOT NULL,
    time_zone    TEXT NOT NULL,
    login_prefix TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE school_class (
    school_id BLOB NOT NULL,
    class_id  BLOB NOT NULL,
    year      INTEGER NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (school_id, class_id),
    UNIQUE (school_id, year, name)
) STRICT, WITHOUT ROWID;

-- days

CREATE TABLE calendar_span (
    school_id BLOB NOT NULL,
    position  INTEGER NOT NULL,
    from_date TEXT NOT NULL,
    to_date   TEXT NOT NULL,
    rule      TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (school_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE term (
    school_id BLOB NOT NULL,
    position  INTEGER NOT NULL,
    grade     INTEGER NOT NULL,
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    from_date TEXT NOT NULL,
    to_date   TEXT NOT NULL,
    PRIMARY KEY (school_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE bell (
    school_id BLOB NOT NULL,
    position  INTEGER NOT NULL,
    number    INTEGER NOT NULL,
    begins    TEXT NOT NULL,
    ends      TEXT NOT NULL,
    PRIMARY KEY (school_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE timetable_lesson (
    school_id BLOB NOT NULL,
    class_id  BLOB NOT NULL,
    position  INTEGER NOT NULL,
    subgroup  TEXT,
    weekday   TEXT NOT NULL,
    number    INTEGER NOT NULL,
    subject   TEXT NOT NULL,
    teacher   TEXT NOT NULL,
    room      TEXT NOT NULL,
    PRIMARY KEY (school_id, class_id, position)
) STRICT, WITHOUT ROWID;

-- people

CREATE TABLE account (
    school_id    BLOB NOT NULL,
    account_id   BLOB NOT NULL,
    person_id    BLOB NOT NULL,
    family       TEXT NOT NULL,
    given        TEXT NOT NULL,
    patronymic   TEXT NOT NULL,
    birth_date   TEXT,
    snils_sealed BLOB,
    phone_sealed BLOB,
    email_sealed BLOB,
    PRIMARY KEY (school_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
    key_hash   BLOB NOT NULL,
    kind       TEXT NOT NULL,
    school_id  BLOB NOT NULL,
    account_id BLOB NOT NULL,
    person_id  BLOB NOT NULL,
    PRIMARY KEY (key_hash, kind, school_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX claim_of_account ON claim (school_id, account_id);

CREATE TABLE stay (
    school_id BLOB NOT NULL,
    pupil_id  BLOB NOT NULL,
    class_id  BLOB NOT NULL,
    from_date TEXT NOT NULL,
    to_date   TEXT,
    PRIMARY KEY (school_id, pupil_id, class_id, from_date)
) STRICT, WITHOUT ROWID;

CREATE TABLE subgroup_membership (
    school_id BLOB NOT NULL,
    pupil_id  BLOB NOT NULL,
    class_id  BLOB NOT NULL,
    -- empty for every subject taught in subgroups
    subject   TEXT NOT NULL,
    from_date TEXT NOT NULL,
    to_date   TEXT,
    subgroup  TEXT NOT NULL,
    PRIMARY KEY (school_id, pupil_id, class_id, subject, from_date)
) STRICT, WITHOUT ROWID;

CREATE TABLE guardianship (
    school_id BLOB NOT NULL,
    parent_id BLOB NOT NULL,
    child_id  BLOB NOT NULL,
    kinship   TEXT NOT NULL,
    from_date TEXT,
    to_date   TEXT,
    barred    INTEGER NOT NULL,
    PRIMARY KEY (school_id, parent_id, child_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_post (
    school_id        BLOB NOT NULL,
    account_id       BLOB NOT NULL,
    subject          TEXT NOT NULL,
    class_teacher_of BLOB,
    to_date          TEXT,
    PRIMARY KEY (school_id, account_id, subject)
) STRICT, WITHOUT ROWID;

-- A row of an exchange file that was refused, as it was typed.
CREATE TABLE refused_row (
    school_id    BLOB NOT NULL,
    file         TEXT NOT NULL,
    line         INTEGER NOT NULL,
    column_name  TEXT NOT NULL,
    code         TEXT NOT NULL,
    typed_sealed BLOB NOT NULL,
    PRIMARY KEY (school_id, file, line)
) STRICT, WITHOUT ROWID;

-- signing in

CREATE TABLE credential (
    login_hash BLOB NOT NULL PRIMARY KEY,
    login      TEXT NOT NULL,
    school_id  BLOB NOT NULL,
    account_id BLOB NOT NULL,
    phc        TEXT NOT NULL,
    issued_at  INTEGER NOT NULL,
    UNIQUE (school_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE card_journal (
    school_id  BLOB NOT NULL,
    entry      INTEGER PRIMARY KEY,
    account_id BLOB NOT NULL,
    step       TEXT NOT NULL,
    at         INTEGER NOT NULL
) STRICT;

CREATE INDEX card_journal_of_account ON card_journal (school_id, account_id);

CREATE TABLE counter (
    key_hash BLOB NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at  INTEGER,
    until_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    token_hash BLOB NOT NULL,
    login_hash BLOB NOT NULL,
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (token_hash, login_hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX device_of_login ON device (login_hash);

CREATE TABLE session (
    token_hash    BLOB NOT NULL PRIMARY KEY,
    person_id     BLOB NOT NULL,
    -- what was granted, as the core writes it
    accounts      TEXT NOT NULL,
    password_ends TEXT,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_of_person ON session (person_id);

-- the journal

CREATE TABLE lesson (
    school_id     BLOB NOT NULL,
    class_id      BLOB NOT NULL,
    date          TEXT NOT NULL,
    number        INTEGER NOT NULL,
    -- empty for the whole class
    subgroup      TEXT NOT NULL,
    lesson_id     BLOB NOT NULL,
    subject       TEXT NOT NULL,
    instead_of    TEXT,
    cancelled     INTEGER NOT NULL,
    distant       INTEGER NOT NULL,
    teacher       TEXT NOT NULL,
    room          TEXT NOT NULL,
    topic         TEXT,
    homework      TEXT,
    homework_due  TEXT,
    -- a JSON array; absent where there are none
    materials     TEXT,
    written_at    INTEGER NOT NULL,
    PRIMARY KEY (school_id, class_id, date, number, subgroup),
    UNIQUE (school_id, lesson_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE work (
    school_id BLOB NOT NULL,
    lesson_id BLOB NOT NULL,
    work_id   BLOB NOT NULL,
    kind      TEXT NOT NULL,
    title     TEXT NOT NULL,
    -- hundredths
    weight    INTEGER NOT NULL,
    PRIMARY KEY (school_id, work_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX work_of_lesson ON work (school_id, lesson_id);

-- A pupil's marks stand together by date: a diary is one stretch of this table.
CREATE TABLE mark (
    school_id  BLOB NOT NULL,
    pupil_id   BLOB NOT NULL,
    date       TEXT NOT NULL,
    mark_id    BLOB NOT NULL,
    lesson_id  BLOB NOT NULL,
    work_id    BLOB NOT NULL,
    value      TEXT NOT NULL,
    comment    TEXT,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (school_id, pupil_id, date, mark_id),
    UNIQUE (school_id, mark_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX mark_of_lesson ON mark (school_id, lesson_id);

CREATE TABLE mark_change (
    school_id BLOB NOT NULL,
    entry     INTEGER PRIMARY KEY,
    mark_id   BLOB NOT NULL,
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL,
    at        INTEGER NOT NULL
) STRICT;

CREATE INDEX mark_change_of_mark ON mark_change (school_id, mark_id);

CREATE TABLE attendance (
    school_id BLOB NOT NULL,
    pupil_id  BLOB NOT NULL,
    date      TEXT NOT NULL,
    lesson_id BLOB NOT NULL,
    code      TEXT NOT NULL,
    class     TEXT NOT NULL,
    PRIMARY KEY (school_id, pupil_id, date, lesson_id),
    UNIQUE (school_id, lesson_id, pupil_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE individual_homework (
    school_id BLOB NOT NULL,
    pupil_id  BLOB NOT NULL,
    date      TEXT NOT NULL,
    lesson_id BLOB NOT NULL,
    position  INTEGER NOT NULL,
    text      TEXT NOT NULL,
    due       TEXT,
    materials TEXT,
    PRIMARY KEY (school_id, pupil_id, date, lesson_id, position),
    UNIQUE (school_id, lesson_id, pupil_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE final_mark (
    school_id BLOB NOT NULL,
    pupil_id  BLOB NOT NULL,
    year      INTEGER NOT NULL,
    subject   TEXT NOT NULL,
    kind      TEXT NOT NULL,
    term      TEXT NOT NULL,
    value     TEXT NOT NULL,
    PRIMARY KEY (school_id, pupil_id, year, subject, kind, term)
) STRICT, WITHOUT ROWID;

-- what was done

CREATE TABLE audit (
    entry      INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    action     TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    school_id  BLOB,
    actor_id   BLOB,
    subject_id BLOB
) STRICT;
