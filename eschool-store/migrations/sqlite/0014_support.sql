-- Support cases are found by whom they are about, and forgotten once they are over.

-- what the refused person's number in ЕСИА is found by
ALTER TABLE support_case ADD COLUMN person_key BLOB;
-- of a closed case
ALTER TABLE support_case ADD COLUMN expires_at INTEGER;

UPDATE support_case SET person_key =
  (SELECT r.person_key FROM refused_sign_in r WHERE r.case_code = support_case.case_code);

CREATE INDEX support_case_of_person ON support_case (person_key) WHERE person_key IS NOT NULL;
CREATE INDEX support_case_by_end ON support_case (expires_at, case_code)
  WHERE expires_at IS NOT NULL;

-- The accounts that a case found to be the refused person's.
CREATE TABLE support_case_account (
    case_code  TEXT NOT NULL,
    school_id  BLOB NOT NULL,
    account_id BLOB NOT NULL,
    PRIMARY KEY (case_code, school_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX support_case_of_account ON support_case_account (school_id, account_id);

-- Letters for which nobody waits any more, however late they were to be handed out again.
CREATE INDEX recovery_letter_by_end ON recovery_letter (expires_at, letter_id);
