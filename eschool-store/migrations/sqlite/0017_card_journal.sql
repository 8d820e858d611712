-- Lines of the card journal tell which of the pupil's cards they are about, and who took the step.

CREATE TABLE new_card_journal (
    school_id  BLOB NOT NULL,
    entry      INTEGER NOT NULL,
    account_id BLOB NOT NULL,
    -- which of the account's cards, the first being 1
    card       INTEGER NOT NULL,
    step       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    -- none where a program beside the database did it, and in lines that are older than this
    by_id      BLOB,
    PRIMARY KEY (school_id, entry)
) STRICT, WITHOUT ROWID;

-- Each card began with its being issued.
INSERT INTO new_card_journal (school_id, entry, account_id, card, step, at)
SELECT school_id, entry, account_id,
  max(1, count(*) FILTER (WHERE step = 'issued')
    OVER (PARTITION BY school_id, account_id ORDER BY entry)),
  step, at
FROM card_journal;

DROP TABLE card_journal;
ALTER TABLE new_card_journal RENAME TO card_journal;
CREATE INDEX card_journal_of_account ON card_journal (school_id, account_id);
