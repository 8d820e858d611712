-- A bond is found by the child too: whoever opens a diary as a parent is asked for by it.

CREATE INDEX guardianship_of_child ON guardianship (school_id, child_id, parent_id);
