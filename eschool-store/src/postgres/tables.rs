//! Which table is sharded by what.
//!
//! What a school owns stands together, so that a diary is read from one shard; what somebody is found
//! by stands by that key, for nobody knows the school before. The tests compare this list with the
//! catalogue, and `distribute` shards by it.

/// How a table is spread where a database is sharded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spread {
    /// A copy everywhere: it is small, and seldom written.
    Everywhere,
    /// By the school that owns its rows: every key begins with it.
    School,
    /// By this column, the first of the primary key.
    By(&'static str),
}

impl Spread {
    /// The table beside which the others of a school lie; it stands before them in the list.
    pub(crate) const FIRST: &str = "school_class";
}

/// What partitions of a table are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Span {
    /// Rows with a day, by school year.
    Days,
    /// Rows with the number of a school year.
    Years,
}

/// Every table.
pub(crate) const TABLES: &[(&str, Spread)] = &[
    ("installation", Spread::Everywhere),
    ("lookup_mark", Spread::Everywhere),
    ("school", Spread::Everywhere),
    ("school_class", Spread::School),
    ("unfinished_journal", Spread::School),
    ("calendar_span", Spread::School),
    ("term", Spread::School),
    ("bell", Spread::School),
    ("timetable_lesson", Spread::School),
    ("account", Spread::School),
    ("stay", Spread::School),
    ("subgroup_membership", Spread::School),
    ("guardianship", Spread::School),
    ("staff_post", Spread::School),
    ("duty", Spread::School),
    ("refused_row", Spread::School),
    ("credential", Spread::School),
    ("recovery_link", Spread::School),
    ("consent", Spread::School),
    ("data_basis", Spread::School),
    ("excuse", Spread::School),
    ("card_journal", Spread::School),
    ("lesson", Spread::School),
    ("work", Spread::School),
    ("mark", Spread::School),
    ("mark_revision", Spread::School),
    ("attendance", Spread::School),
    ("individual_homework", Spread::School),
    ("remark", Spread::School),
    ("final_mark", Spread::School),
    ("grading", Spread::School),
    ("event", Spread::School),
    ("audit", Spread::School),
    ("audit_seal", Spread::School),
    ("new_year", Spread::School),
    ("year_archive", Spread::School),
    ("kept_apart", Spread::Everywhere),
    ("merge", Spread::By("merge_id")),
    ("merge_move", Spread::By("merge_id")),
    ("claim", Spread::By("key_hash")),
    ("shared_phone", Spread::By("key_hash")),
    ("login", Spread::By("login_hash")),
    ("counter", Spread::By("key_hash")),
    ("membership", Spread::By("person_id")),
    ("session", Spread::By("person_id")),
    ("app_grant", Spread::By("person_id")),
    ("device", Spread::By("token_hash")),
    ("invitation", Spread::By("token_hash")),
    ("refused_sign_in", Spread::By("case_code")),
    ("support_case", Spread::By("case_code")),
    ("support_case_account", Spread::By("case_code")),
    ("recovery_letter", Spread::By("letter_id")),
];

/// Tables that are partitioned.
pub(crate) const PARTITIONED: &[(&str, Span)] = &[
    ("lesson", Span::Days),
    ("mark", Span::Days),
    ("attendance", Span::Days),
    ("individual_homework", Span::Days),
    ("remark", Span::Days),
    ("final_mark", Span::Years),
];
