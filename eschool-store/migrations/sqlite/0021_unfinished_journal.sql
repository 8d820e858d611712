-- Classes whose journal an import brings in for the first time, and has not brought in whole yet.

CREATE TABLE unfinished_journal (
    school_id BLOB NOT NULL,
    class_id  BLOB NOT NULL,
    PRIMARY KEY (school_id, class_id)
) STRICT, WITHOUT ROWID;
