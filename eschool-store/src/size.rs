//! How large tables are: what decides whether one may be looked through.

/// Tables of which a school has a few rows, or the installation one or a few for each school. All
/// others grow with a school: thousands of people, a million marks.
pub(crate) const FEW: &[&str] = &[
    "installation",
    "lookup_mark",
    "school",
    "school_class",
    "unfinished_journal",
    "calendar_span",
    "term",
    "bell",
    "timetable_lesson",
    "grading",
    "staff_post",
    "duty",
    "new_year",
    "audit_seal",
    "year_archive",
];
