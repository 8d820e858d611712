//! That the catalogue keeps to the rules by which a database can be sharded.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::scratch::Scratch;
use crate::postgres::tables::{PARTITIONED, Span, Spread, TABLES};

/// Indexes that do not begin with what their table is spread by: where it is sharded, what is found
/// by them is looked for everywhere.
const ELSEWHERE: [&str; 14] = [
    // the registry of a school, and an account saved anew
    "claim_of_account",
    // a new card
    "device_of_login",
    // what has had its time
    "session_by_end",
    "app_grant_by_end",
    "refused_sign_in_by_end",
    "invitation_by_end",
    // who is erased: rare, and named by few merges
    "merge_move_by_account",
    // letters that are due: few wait at a time
    "recovery_letter_by_due",
    "recovery_letter_by_end",
    // who is refused again
    "refused_sign_in_of_person",
    // who is erased, or asks what is kept of them
    "support_case_of_person",
    "support_case_of_account",
    "support_case_by_end",
    // the audit of the whole installation
    "audit_by_entry",
];

/// The foreign keys: whose columns lead where.
const TIES: [&str; 28] = [
    "account (school_id) -> school",
    "bell (school_id) -> school",
    "calendar_span (school_id) -> school",
    "card_journal (school_id, account_id) -> account",
    "consent (school_id, pupil_id) -> account",
    "credential (school_id, account_id) -> account",
    "data_basis (school_id, account_id) -> account",
    "duty (school_id, account_id) -> account",
    "event (school_id) -> school",
    "excuse (school_id, pupil_id) -> account",
    "grading (school_id) -> school",
    "guardianship (school_id, child_id) -> account",
    "guardianship (school_id, parent_id) -> account",
    "mark_revision (school_id) -> school",
    "new_year (school_id) -> school",
    "recovery_link (school_id, account_id) -> account",
    "refused_row (school_id) -> school",
    "school_class (school_id) -> school",
    "staff_post (school_id, account_id) -> account",
    "staff_post (school_id, class_teacher_of) -> school_class",
    "stay (school_id, class_id) -> school_class",
    "stay (school_id, pupil_id) -> account",
    "subgroup_membership (school_id, class_id) -> school_class",
    "subgroup_membership (school_id, pupil_id) -> account",
    "term (school_id) -> school",
    "timetable_lesson (school_id, class_id) -> school_class",
    "work (school_id) -> school",
    "year_archive (school_id) -> school",
];

/// A key or an index of the catalogue.
#[derive(Debug)]
struct Key {
    table_name: String,
    name: String,
    /// `p`rimary key, `u`nique constraint, `f`oreign key, `i`ndex, `x` for one that is unique.
    kind: String,
    columns: Vec<String>,
    /// Of a foreign key: where it leads.
    target: Option<String>,
    target_columns: Vec<String>,
}

/// Every key and index of every table; those of partitions are their table's.
const KEYS: &str = "\
WITH own AS
  (SELECT c.oid, c.relname FROM pg_class c
   WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
     AND NOT c.relispartition AND c.relname <> '_sqlx_migrations'),
named AS
  (SELECT a.attrelid, a.attnum, a.attname::text AS name FROM pg_attribute a)
SELECT o.relname::text AS table_name, k.conname::text AS name, k.contype::text AS kind,
  ARRAY(SELECT n.name FROM unnest(k.conkey) WITH ORDINALITY u (attnum, place)
        JOIN named n ON n.attrelid = k.conrelid AND n.attnum = u.attnum
        ORDER BY u.place) AS columns,
  CASE k.contype WHEN 'f' THEN k.confrelid::regclass::text END AS target,
  ARRAY(SELECT n.name FROM unnest(k.confkey) WITH ORDINALITY u (attnum, place)
        JOIN named n ON n.attrelid = k.confrelid AND n.attnum = u.attnum
        ORDER BY u.place) AS target_columns
FROM own o JOIN pg_constraint k ON k.conrelid = o.oid WHERE k.contype IN ('p', 'u', 'f')
UNION ALL
SELECT o.relname::text, i.indexrelid::regclass::text, CASE WHEN i.indisunique THEN 'x' ELSE 'i' END,
  ARRAY(SELECT n.name FROM unnest(i.indkey::smallint[]) WITH ORDINALITY u (attnum, place)
        JOIN named n ON n.attrelid = o.oid AND n.attnum = u.attnum ORDER BY u.place),
  NULL, ARRAY[]::text[]
FROM own o JOIN pg_index i ON i.indrelid = o.oid
WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)";

async fn keys(connection: &mut PgConnection) -> Vec<Key> {
    type Row = (String, String, String, Vec<String>, Option<String>, Vec<String>);
    let rows: Vec<Row> = sqlx::query_as(KEYS).fetch_all(connection).await.unwrap();
    let key = |(table_name, name, kind, columns, target, target_columns)| Key {
        table_name,
        name,
        kind,
        columns,
        target,
        target_columns,
    };
    rows.into_iter().map(key).collect()
}

/// What is wrong with a key, by the rules of its table.
fn fault(key: &Key) -> Option<&'static str> {
    let spread = |name: &str| TABLES.iter().find(|(table, _)| *table == name).map(|(_, s)| *s);
    let Some(own) = spread(&key.table_name) else { return Some("the table is in no list") };
    let by = match own {
        Spread::Everywhere => None,
        Spread::School => Some("school_id"),
        Spread::By(column) => Some(column),
    };
    let begins = |columns: &[String], by| columns.first().map(String::as_str) == Some(by);
    match (key.kind.as_str(), by) {
        ("f", _) => match (own, spread(key.target.as_deref().unwrap_or_default())) {
            (Spread::School | Spread::Everywhere, Some(Spread::Everywhere)) => None,
            (Spread::School, Some(Spread::School)) => {
                let both =
                    begins(&key.columns, "school_id") && begins(&key.target_columns, "school_id");
                (!both).then_some("a foreign key that does not begin with the school")
            }
            _ => Some("a foreign key from one shard to another"),
        },
        ("p" | "u" | "x", Some(by)) => {
            (!begins(&key.columns, by)).then_some("a key that does not begin with what it is by")
        }
        ("i", Some(by)) => (!begins(&key.columns, by) && !ELSEWHERE.contains(&key.name.as_str()))
            .then_some("an index that does not begin with what its table is by"),
        (_, None) => None,
        _ => Some("a key of no kind that is known"),
    }
}

/// What a foreign key ties to what.
fn tie(key: &Key) -> Option<String> {
    let target = key.target.as_ref()?;
    Some(format!("{} ({}) -> {target}", key.table_name, key.columns.join(", ")))
}

#[tokio::test]
async fn every_key_begins_with_what_its_table_is_spread_by() {
    let Some(scratch) = Scratch::new().await else { return };
    let keys = keys(&mut scratch.database.connection().await).await;
    let faults: Vec<_> =
        keys.iter().filter_map(|key| Some((fault(key)?, &key.table_name, &key.name))).collect();
    assert_eq!(faults, []);

    let with_a_key: BTreeSet<_> =
        keys.iter().filter(|key| key.kind == "p").map(|key| key.table_name.as_str()).collect();
    assert_eq!(with_a_key, TABLES.iter().map(|(table, _)| *table).collect());
    // What is excused is there, else the list says nothing.
    for name in ELSEWHERE {
        assert!(keys.iter().any(|key| key.name == name), "{name}");
    }
    let mut ties: Vec<_> = keys.iter().filter_map(tie).collect();
    ties.sort();
    assert_eq!(ties, TIES);
}

#[tokio::test]
async fn a_key_that_breaks_the_rules_is_told() {
    let Some(scratch) = Scratch::new().await else { return };
    if scratch.database.is_distributed("it refuses such keys by itself").await {
        return;
    }
    let mut connection = scratch.database.connection().await;
    for (change, expected) in [
        ("ALTER TABLE stay ADD UNIQUE (pupil_id)", 1),
        ("CREATE UNIQUE INDEX by_name ON school_class (name, school_id)", 2),
        ("CREATE INDEX by_family ON account (family)", 3),
        (
            "ALTER TABLE claim ADD FOREIGN KEY (school_id, account_id) \
           REFERENCES account (school_id, account_id)",
            4,
        ),
        ("CREATE TABLE letter (letter_id uuid PRIMARY KEY)", 5),
    ] {
        sqlx::query(change).execute(&mut connection).await.unwrap();
        let keys = keys(&mut connection).await;
        assert_eq!(keys.iter().filter_map(fault).count(), expected, "{change}");
    }
}

#[tokio::test]
async fn the_journal_is_partitioned_as_it_is_listed() {
    let Some(scratch) = Scratch::new().await else { return };
    let partitioned: Vec<(String, String)> = sqlx::query_as(
        // Without the shards that a distributed database makes of them.
        "SELECT partrelid::regclass::text, pg_get_partkeydef(partrelid) FROM pg_partitioned_table \
         WHERE partrelid::regclass::text !~ '_[0-9]{6,}$' ORDER BY 1",
    )
    .fetch_all(&mut scratch.database.connection().await)
    .await
    .unwrap();
    let mut listed: Vec<_> = PARTITIONED
        .iter()
        .map(|(table, span)| {
            let by = match span {
                Span::Days => "RANGE (date)",
                Span::Years => "RANGE (year)",
            };
            ((*table).to_owned(), by.to_owned())
        })
        .collect();
    listed.sort();
    assert_eq!(partitioned, listed);
}
