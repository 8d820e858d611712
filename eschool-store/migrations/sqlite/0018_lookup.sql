-- What a person is found by at ЕСИА is sealed as well, so that it can be found by another key.

ALTER TABLE claim ADD COLUMN value_sealed BLOB;
ALTER TABLE support_case ADD COLUMN person_sealed BLOB;
