-- The first schema.
--
-- Which column a table is sharded by, where it is, stands in src/postgres/tables.rs: what a school
-- owns by school_id, with which each of its keys begins; what finds a person or a card by the hash
-- it is found by. Texts compare by their bytes. Columns named *_sealed hold what only the key file
-- opens, *_hash what only the key file can make.

CREATE TABLE school (
    school_id    uuid NOT NULL PRIMARY KEY,
    name         text COLLATE "C" NOT NULL,
    founder      text COLLATE "C" NOT NULL,
    municipality text COLLATE "C" NOT NULL,
    time_zone    text COLLATE "C" NOT NULL,
    login_prefix text COLLATE "C" NOT NULL UNIQUE
);

-- By this a database is known for one of this program.
COMMENT ON TABLE school IS 'eschool';

CREATE TABLE school_class (
    school_id uuid NOT NULL REFERENCES school,
    class_id  uuid NOT NULL,
    year      integer NOT NULL,
    name      text COLLATE "C" NOT NULL,
    PRIMARY KEY (school_id, class_id),
    UNIQUE (school_id, year, name)
);

-- days

CREATE TABLE calendar_span (
    school_id uuid NOT NULL REFERENCES school,
    position  integer NOT NULL,
    from_date date NOT NULL,
    to_date   date NOT NULL,
    -- as the core writes it
    rule      text COLLATE "C" NOT NULL,
    name      text COLLATE "C" NOT NULL,
    PRIMARY KEY (school_id, position)
);

CREATE TABLE term (
    school_id uuid NOT NULL REFERENCES school,
    position  integer NOT NULL,
    grade     integer NOT NULL,
    name      text COLLATE "C" NOT NULL,
    kind      text COLLATE "C" NOT NULL,
    from_date date NOT NULL,
    to_date   date NOT NULL,
    PRIMARY KEY (school_id, position)
);

CREATE TABLE bell (
    school_id uuid NOT NULL REFERENCES school,
    position  integer NOT NULL,
    number    integer NOT NULL,
    begins    time NOT NULL,
    ends      time NOT NULL,
    PRIMARY KEY (school_id, position)
);

CREATE TABLE timetable_lesson (
    school_id uuid NOT NULL,
    class_id  uuid NOT NULL,
    position  integer NOT NULL,
    subgroup  text COLLATE "C",
    weekday   text COLLATE "C" NOT NULL,
    number    integer NOT NULL,
    subject   text COLLATE "C" NOT NULL,
    teacher   text COLLATE "C" NOT NULL,
    room      text COLLATE "C" NOT NULL,
    PRIMARY KEY (school_id, class_id, position),
    FOREIGN KEY (school_id, class_id) REFERENCES school_class (school_id, class_id)
);

-- people

CREATE TABLE account (
    school_id    uuid NOT NULL REFERENCES school,
    account_id   uuid NOT NULL,
    person_id    uuid NOT NULL,
    family       text COLLATE "C" NOT NULL,
    given        text COLLATE "C" NOT NULL,
    -- as the core writes it
    patronymic   text COLLATE "C" NOT NULL,
    birth_date   date,
    snils_sealed bytea,
    phone_sealed bytea,
    email_sealed bytea,
    PRIMARY KEY (school_id, account_id)
);

CREATE TABLE claim (
    key_hash   bytea NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    school_id  uuid NOT NULL,
    account_id uuid NOT NULL,
    person_id  uuid NOT NULL,
    PRIMARY KEY (key_hash, kind, school_id, account_id)
);

CREATE INDEX claim_of_account ON claim (school_id, account_id);

-- Which accounts a person has, found by the person.
CREATE TABLE membership (
    person_id  uuid NOT NULL,
    school_id  uuid NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (person_id, school_id, account_id)
);

CREATE TABLE stay (
    school_id uuid NOT NULL,
    pupil_id  uuid NOT NULL,
    class_id  uuid NOT NULL,
    from_date date NOT NULL,
    to_date   date,
    PRIMARY KEY (school_id, pupil_id, class_id, from_date),
    FOREIGN KEY (school_id, pupil_id) REFERENCES account (school_id, account_id),
    FOREIGN KEY (school_id, class_id) REFERENCES school_class (school_id, class_id)
);

CREATE TABLE subgroup_membership (
    school_id uuid NOT NULL,
    pupil_id  uuid NOT NULL,
    class_id  uuid NOT NULL,
    -- empty for every subject taught in subgroups
    subject   text COLLATE "C" NOT NULL,
    from_date date NOT NULL,
    to_date   date,
    subgroup  text COLLATE "C" NOT NULL,
    PRIMARY KEY (school_id, pupil_id, class_id, subject, from_date),
    FOREIGN KEY (school_id, pupil_id) REFERENCES account (school_id, account_id),
    FOREIGN KEY (school_id, class_id) REFERENCES school_class (school_id, class_id)
);

CREATE TABLE guardianship (
    school_id            uuid NOT NULL,
    parent_id            uuid NOT NULL,
    child_id             uuid NOT NULL,
    kinship              text COLLATE "C" NOT NULL,
    -- whether the adult acts for the child, where the school says so of this very bond
    legal_representative boolean,
    from_date            date,
    to_date              date,
    barred               boolean NOT NULL,
    PRIMARY KEY (school_id, parent_id, child_id),
    FOREIGN KEY (school_id, parent_id) REFERENCES account (school_id, account_id),
    FOREIGN KEY (school_id, child_id) REFERENCES account (school_id, account_id)
);

CREATE TABLE staff_post (
    school_id        uuid NOT NULL,
    account_id       uuid NOT NULL,
    subject          text COLLATE "C" NOT NULL,
    class_teacher_of uuid,
    to_date          date,
    PRIMARY KEY (school_id, account_id, subject),
    FOREIGN KEY (school_id, account_id) REFERENCES account (school_id, account_id),
    FOREIGN KEY (school_id, class_teacher_of) REFERENCES school_class (school_id, class_id)
);

CREATE TABLE duty (
    school_id  uuid NOT NULL,
    account_id uuid NOT NULL,
    duty       text COLLATE "C" NOT NULL,
    since      date NOT NULL,
    PRIMARY KEY (school_id, account_id, duty),
    FOREIGN KEY (school_id, account_id) REFERENCES account (school_id, account_id)
);

-- A row of an exchange file that was refused, as it was typed.
CREATE TABLE refused_row (
    school_id    uuid NOT NULL REFERENCES school,
    file         text COLLATE "C" NOT NULL,
    line         bigint NOT NULL,
    column_name  text COLLATE "C" NOT NULL,
    code         text COLLATE "C" NOT NULL,
    typed_sealed bytea NOT NULL,
    PRIMARY KEY (school_id, file, line)
);

-- signing in

-- Whose card a typed login is.
CREATE TABLE login (
    login_hash bytea NOT NULL PRIMARY KEY,
    school_id  uuid NOT NULL,
    account_id uuid NOT NULL
);

CREATE TABLE credential (
    school_id  uuid NOT NULL,
    account_id uuid NOT NULL,
    login_hash bytea NOT NULL,
    login      text COLLATE "C" NOT NULL,
    phc        text COLLATE "C" NOT NULL,
    issued_at  timestamptz NOT NULL,
    PRIMARY KEY (school_id, account_id),
    UNIQUE (school_id, login),
    FOREIGN KEY (school_id, account_id) REFERENCES account (school_id, account_id)
);

-- Lines of logs have no key of their own: theirs begins with the instant at which the database took
-- them, so that its order is that of being appended.
CREATE TABLE card_journal (
    school_id  uuid NOT NULL,
    entry      uuid NOT NULL,
    account_id uuid NOT NULL,
    step       text COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (school_id, entry),
    FOREIGN KEY (school_id, account_id) REFERENCES account (school_id, account_id)
);

CREATE INDEX card_journal_of_account ON card_journal (school_id, account_id);

CREATE TABLE counter (
    key_hash bytea NOT NULL PRIMARY KEY,
    failures bigint NOT NULL,
    last_at  timestamptz,
    until_at timestamptz
);

CREATE TABLE device (
    token_hash bytea NOT NULL,
    login_hash bytea NOT NULL,
    seen_at    timestamptz NOT NULL,
    PRIMARY KEY (token_hash, login_hash)
);

CREATE INDEX device_of_login ON device (login_hash);

CREATE TABLE session (
    person_id      uuid NOT NULL,
    token_hash     bytea NOT NULL,
    -- what was granted, as the core writes it
    accounts       text COLLATE "C" NOT NULL,
    method         text COLLATE "C" NOT NULL,
    choose         boolean NOT NULL,
    chosen_account uuid,
    password_ends  date,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    PRIMARY KEY (person_id, token_hash)
);

CREATE INDEX session_by_token ON session (token_hash);
CREATE INDEX session_by_end ON session (expires_at, token_hash);

CREATE TABLE refused_sign_in (
    case_code   text COLLATE "C" NOT NULL PRIMARY KEY,
    -- the person's number in ЕСИА, as a keyed hash
    person_key  bytea NOT NULL,
    at          timestamptz NOT NULL,
    refusal     text COLLATE "C" NOT NULL,
    expires_at  timestamptz NOT NULL,
    -- what ЕСИА said of the person
    said_sealed bytea NOT NULL
);

CREATE INDEX refused_sign_in_by_end ON refused_sign_in (expires_at, case_code);
CREATE INDEX refused_sign_in_of_person ON refused_sign_in (person_key, case_code);

CREATE TABLE invitation (
    token_hash bytea NOT NULL PRIMARY KEY,
    school_id  uuid NOT NULL,
    duty       text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    used_by    uuid
);

CREATE INDEX invitation_by_end ON invitation (expires_at, token_hash);

-- The journal, a partition for each school year; they are made when a year is first written to.
--
-- Every key must hold the day it is partitioned by, so that a row is one of its identifier among
-- those of its day alone. A row that moved leaves its former day when it is written anew. Partitions
-- refer to no other table: to attach one would else lock out who writes there.

CREATE TABLE lesson (
    school_id     uuid NOT NULL,
    class_id      uuid NOT NULL,
    date          date NOT NULL,
    number        integer NOT NULL,
    -- empty for the whole class
    subgroup      text COLLATE "C" NOT NULL,
    lesson_id     uuid NOT NULL,
    subject       text COLLATE "C" NOT NULL,
    instead_of    text COLLATE "C",
    cancelled     boolean NOT NULL,
    distant       boolean NOT NULL,
    teacher       text COLLATE "C" NOT NULL,
    room          text COLLATE "C" NOT NULL,
    topic         text COLLATE "C",
    homework      text COLLATE "C",
    homework_due  date,
    -- a JSON array; absent where there are none
    materials     text COLLATE "C",
    written_at    timestamptz NOT NULL,
    PRIMARY KEY (school_id, class_id, date, number, subgroup),
    UNIQUE (school_id, lesson_id, date)
) PARTITION BY RANGE (date);

-- A work has no day of its own: it is the lesson's.
CREATE TABLE work (
    school_id uuid NOT NULL REFERENCES school,
    lesson_id uuid NOT NULL,
    work_id   uuid NOT NULL,
    kind      text COLLATE "C" NOT NULL,
    title     text COLLATE "C" NOT NULL,
    -- hundredths
    weight    integer NOT NULL,
    PRIMARY KEY (school_id, work_id)
);

CREATE INDEX work_of_lesson ON work (school_id, lesson_id);

-- A pupil's marks stand together by date: a diary is one stretch of this table.
CREATE TABLE mark (
    school_id  uuid NOT NULL,
    pupil_id   uuid NOT NULL,
    date       date NOT NULL,
    mark_id    uuid NOT NULL,
    lesson_id  uuid NOT NULL,
    work_id    uuid NOT NULL,
    value      text COLLATE "C" NOT NULL,
    comment    text COLLATE "C",
    written_at timestamptz NOT NULL,
    PRIMARY KEY (school_id, pupil_id, date, mark_id),
    UNIQUE (school_id, mark_id, date)
) PARTITION BY RANGE (date);

CREATE INDEX mark_of_lesson ON mark (school_id, lesson_id);

CREATE TABLE mark_change (
    school_id uuid NOT NULL REFERENCES school,
    entry     uuid NOT NULL,
    mark_id   uuid NOT NULL,
    old_value text COLLATE "C" NOT NULL,
    new_value text COLLATE "C" NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (school_id, entry)
);

CREATE INDEX mark_change_of_mark ON mark_change (school_id, mark_id);

CREATE TABLE attendance (
    school_id uuid NOT NULL,
    pupil_id  uuid NOT NULL,
    date      date NOT NULL,
    lesson_id uuid NOT NULL,
    code      text COLLATE "C" NOT NULL,
    class     text COLLATE "C" NOT NULL,
    PRIMARY KEY (school_id, pupil_id, date, lesson_id)
) PARTITION BY RANGE (date);

CREATE INDEX attendance_of_lesson ON attendance (school_id, lesson_id, pupil_id);

CREATE TABLE individual_homework (
    school_id uuid NOT NULL,
    pupil_id  uuid NOT NULL,
    date      date NOT NULL,
    lesson_id uuid NOT NULL,
    position  integer NOT NULL,
    text      text COLLATE "C" NOT NULL,
    due       date,
    materials text COLLATE "C",
    PRIMARY KEY (school_id, pupil_id, date, lesson_id, position)
) PARTITION BY RANGE (date);

CREATE INDEX individual_homework_of_lesson ON individual_homework (school_id, lesson_id, pupil_id);

CREATE TABLE final_mark (
    school_id uuid NOT NULL,
    pupil_id  uuid NOT NULL,
    year      integer NOT NULL,
    subject   text COLLATE "C" NOT NULL,
    kind      text COLLATE "C" NOT NULL,
    term      text COLLATE "C" NOT NULL,
    value     text COLLATE "C" NOT NULL,
    PRIMARY KEY (school_id, pupil_id, year, subject, kind, term)
) PARTITION BY RANGE (year);

-- what was done

CREATE TABLE audit (
    -- nil for what is about no school
    school_id  uuid NOT NULL,
    entry      uuid NOT NULL,
    at         timestamptz NOT NULL,
    action     text COLLATE "C" NOT NULL,
    outcome    text COLLATE "C" NOT NULL,
    actor_id   uuid,
    subject_id uuid,
    case_code  text COLLATE "C",
    PRIMARY KEY (school_id, entry)
);

CREATE INDEX audit_by_entry ON audit (entry);
