-- Lines of the card journal tell which of the pupil's cards they are about, and who took the step.

-- which of the account's cards, the first being 1
ALTER TABLE card_journal ADD COLUMN card bigint;
-- none where a program beside the database did it, and in lines that are older than this
ALTER TABLE card_journal ADD COLUMN by_id uuid;

-- Each card began with its being issued.
UPDATE card_journal j SET card = n.card
  FROM (SELECT school_id, entry,
          greatest(1, count(*) FILTER (WHERE step = 'issued')
            OVER (PARTITION BY school_id, account_id ORDER BY entry)) AS card
        FROM card_journal) n
  WHERE n.school_id = j.school_id AND n.entry = j.entry;

ALTER TABLE card_journal ALTER COLUMN card SET NOT NULL;
