//! That every statement finds its rows by an index, as `statements` says.
//!
//! They are planned for any values, over four schools with five thousand rows in each table and fifty
//! in those of which a school has few, so that PostgreSQL weighs one index against another, and joins, as
//! it does in a region. That it would rather read a small table whole than look at an index is
//! forbidden: it does so then where it has no other way. The tables are filled by the catalogue, so
//! that a new one is filled by itself.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::scratch::Scratch;
use crate::{
    postgres::{Prepared, tables::TABLES},
    size::FEW,
    statements::{self, Excuses, Statement},
    testing::{boxed, fixtures::sample, save, store::personal},
};

/// What fills each table, those first that others refer to: rows of four schools, one after the other,
/// ten in turn to what the second column of the table names. It takes the tables of which a school has
/// few rows.
const FILLS: &str = "\
SELECT format(
    'INSERT INTO %s (%s) SELECT %s FROM generate_series(5000, 24999, %s) n ON CONFLICT DO NOTHING',
    c.oid::regclass,
    string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
    string_agg(CASE
      WHEN a.attname = 'school_id' THEN $q$md5('school' || n / 5000)::uuid$q$
      WHEN c.relname = 'school_class' AND a.attname = 'class_id' THEN $q$md5('class' || n)::uuid$q$
      WHEN c.relname = 'account' AND a.attname = 'account_id' THEN $q$md5('account' || n)::uuid$q$
      WHEN a.attname IN ('class_id', 'class_teacher_of') THEN $q$md5('class' || n / 100 * 100)::uuid$q$
      WHEN a.attname IN ('account_id', 'pupil_id', 'parent_id') THEN
        $q$md5('account' || n / 10 * 10)::uuid$q$
      WHEN a.attname = 'child_id' THEN $q$md5('account' || n)::uuid$q$
      WHEN a.atttypid = 'uuid'::regtype AND a.attnum <= 2 THEN $q$md5('own' || n / 10 * 10)::uuid$q$
      WHEN a.atttypid = 'uuid'::regtype THEN format($q$md5(%L || n)::uuid$q$, a.attname)
      WHEN a.atttypid = 'bytea'::regtype THEN format($q$decode(md5(%L || n), 'hex')$q$, a.attname)
      WHEN a.atttypid = 'text'::regtype THEN format($q$%L || n$q$, a.attname)
      WHEN a.atttypid = 'date'::regtype THEN $q$date '2024-09-01' + n % 200$q$
      WHEN a.atttypid = 'time'::regtype THEN $q$time '08:00' + n * interval '1 second'$q$
      WHEN a.atttypid = 'timestamptz'::regtype THEN $q$now() + n * interval '1 second'$q$
      WHEN a.atttypid = 'boolean'::regtype THEN $q$n % 2 = 0$q$
      WHEN a.attname = 'year' THEN '2024'
      WHEN a.atttypid = 'int2'::regtype THEN '1'
      WHEN a.attname IN ('seal', 'place') THEN 'nullif(n % 10, 0)'
      WHEN a.atttypid IN ('int4'::regtype, 'int8'::regtype) THEN 'n'
      END, ', ' ORDER BY a.attnum),
    CASE WHEN c.relname = ANY ($1) THEN 100 ELSE 1 END)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  AND NOT c.relispartition AND c.relname <> '_sqlx_migrations'
  AND a.attnum > 0 AND NOT a.attisdropped
GROUP BY c.oid
ORDER BY array_position(ARRAY['school', 'school_class', 'account'], c.relname::text), c.relname";

/// The columns of each index, and whose index it is; a partition stands under its table's name.
const INDEXES: &str = "\
SELECT i.indexrelid::regclass::text,
  coalesce((SELECT inhparent FROM pg_inherits WHERE inhrelid = i.indrelid), i.indrelid)
    ::regclass::text,
  ARRAY(SELECT a.attname::text FROM unnest(i.indkey::smallint[]) WITH ORDINALITY u (attnum, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.attnum ORDER BY u.place)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = current_schema()::regnamespace";

/// A plan is for any values, so that which partition they lie in is not known, and reads no table
/// whole where there is another way.
const PLANNING: &str = "\
ANALYZE; SET plan_cache_mode = force_generic_plan; SET enable_partition_pruning = off;
SET enable_seqscan = off";

#[tokio::test]
async fn every_statement_finds_its_rows_by_an_index() {
    let Some(scratch) = Scratch::new().await else { return };
    if scratch.database.is_distributed("its plans are its shards'").await {
        return;
    }
    let statements = statements::of("postgres");
    // One at least of each file that loads or writes.
    for file in [
        "apply/journal.rs",
        "apply/logs.rs",
        "apply/people.rs",
        "apply/removed.rs",
        "apply/school.rs",
        "apply/sign_in.rs",
        "apps.rs",
        "audit.rs",
        "events.rs",
        "family.rs",
        "identity.rs",
        "journal.rs",
        "lesson.rs",
        "membership.rs",
        "merges.rs",
        "people.rs",
        "refused.rs",
        "year.rs",
    ] {
        assert!(statements.iter().any(|statement| statement.file == file), "{file}");
    }
    assert!(statements.len() >= 200, "{} statements", statements.len());

    // So that the partitions are there.
    save(&scratch, &sample(1)).await;
    let mut connection = scratch.database.connection().await;
    fill(&mut connection).await;
    let mut excuses = Excuses::default();
    let faults = faults(&mut connection, &statements, &mut excuses).await;
    assert!(faults.is_empty(), "{} statements:\n\n{}", faults.len(), faults.join("\n\n"));
    assert!(excuses.used() >= 5, "{excuses:?}");

    // Without one of its indexes a table is read whole, and whoever does is named.
    for (index, statement, table) in [
        ("claim_of_account", "FROM claim WHERE school_id = $1", "claim"),
        ("mark_of_lesson", "FROM mark WHERE school_id = $1 AND lesson_id = $2", "mark"),
        ("audit_by_entry", "FROM audit ORDER BY entry DESC LIMIT $1", "audit"),
        ("recovery_letter_by_due", "FROM recovery_letter WHERE due_at <= $1", "recovery_letter"),
        ("work_of_lesson", "FROM work WHERE school_id = $1 AND lesson_id = $2", "work"),
    ] {
        let missing = format!("BEGIN; DROP INDEX {index}");
        connection.execute(AssertSqlSafe(missing)).await.unwrap();
        let chosen: Vec<_> =
            statements.iter().filter(|found| found.text.contains(statement)).cloned().collect();
        let faults = self::faults(&mut connection, &chosen, &mut excuses).await;
        assert!(!faults.is_empty(), "nobody misses {index}");
        for fault in faults {
            assert!(fault.contains(statement) && fault.contains(table), "{fault}");
        }
        connection.execute("ROLLBACK").await.unwrap();
    }
}

/// What the sources are said to hold is what is sent.
#[tokio::test]
async fn what_is_prepared_stands_in_the_sources() {
    let known: Vec<String> =
        statements::of("postgres").into_iter().map(|statement| statement.text).collect();
    let Some(scratch) = Scratch::new().await else { return };
    let case = personal::erased_people_leave_no_trace;
    Box::pin(case(boxed(scratch.backend.clone()))).await;
    let mut prepared = scratch.backend.prepared().await.unwrap();
    // Partitions are made while the program runs.
    prepared.retain(|it| !["CREATE ", "ALTER ", "LOCK "].iter().any(|w| it.text.starts_with(w)));
    for Prepared { text, .. } in &prepared {
        assert!(known.contains(text), "{text}");
    }
    assert!(prepared.len() > 20, "{} statements", prepared.len());
}

async fn fill(connection: &mut PgConnection) {
    let fills: Vec<String> =
        sqlx::query_scalar(FILLS).bind(FEW).fetch_all(&mut *connection).await.unwrap();
    assert_eq!(fills.len(), TABLES.len());
    for fill in fills {
        connection.execute(AssertSqlSafe(fill)).await.unwrap();
    }
    connection.execute(PLANNING).await.unwrap();
}

/// The statements that read what they need not, each with what it reads.
async fn faults(
    connection: &mut PgConnection,
    statements: &[Statement],
    excuses: &mut Excuses,
) -> Vec<String> {
    let indexes: Vec<(String, String, Vec<String>)> =
        sqlx::query_as(INDEXES).persistent(false).fetch_all(&mut *connection).await.unwrap();
    let indexes: BTreeMap<_, _> =
        indexes.into_iter().map(|(name, table, columns)| (name, (table, columns))).collect();
    let mut faults = Vec::new();
    for statement in statements {
        let (plan, shown) = plan(connection, statement).await;
        let mut reads = Vec::new();
        let asked = Asked { for_all: true, for_some: false };
        look(&plan[0]["Plan"], asked, &indexes, &mut reads);
        reads.retain(|(table, _)| !excuses.excuse(statement, table));
        if !reads.is_empty() {
            let reads: Vec<_> = reads.into_iter().map(|(_, read)| read).collect();
            let Statement { file, text } = statement;
            faults.push(format!("{file}: {}\n{text}\n{shown}", reads.join(", ")));
        }
    }
    faults
}

/// How a statement is planned for any values, to be looked through and to be shown.
async fn plan(connection: &mut PgConnection, statement: &Statement) -> (Value, String) {
    let Statement { file, text } = statement;
    let given = (1..).take_while(|n| text.contains(&format!("${n}"))).count();
    let given =
        if given == 0 { String::new() } else { format!("({})", vec!["NULL"; given].join(", ")) };
    let prepare = format!("PREPARE explained AS {text}");
    let prepared = connection.execute(AssertSqlSafe(prepare)).await;
    prepared.unwrap_or_else(|error| panic!("{file}: {error}: {text}"));
    let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE explained{given}");
    let plan = sqlx::query_scalar(AssertSqlSafe(explain)).persistent(false);
    let plan = plan.fetch_one(&mut *connection).await.unwrap();
    let explain = format!("EXPLAIN (COSTS OFF) EXECUTE explained{given}");
    let shown = sqlx::query_scalar(AssertSqlSafe(explain)).persistent(false);
    let shown: Vec<String> = shown.fetch_all(&mut *connection).await.unwrap();
    connection.execute("DEALLOCATE explained").await.unwrap();
    (plan, shown.join("\n"))
}

/// What is asked of a part of a plan.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// Every row it gives is one of the answer.
    for_all: bool,
    /// It is asked for a number of rows, and reads no more.
    for_some: bool,
}

/// Adds what a plan reads and should not, by its table.
fn look(
    node: &Value,
    asked: Asked,
    indexes: &BTreeMap<String, (String, Vec<String>)>,
    reads: &mut Vec<(String, String)>,
) {
    let node = node.as_object().unwrap();
    let text = |key: &str| node.get(key).and_then(Value::as_str).unwrap_or_default();
    let is_filtered = node.contains_key("Filter");
    let asked =
        Asked { for_all: asked.for_all && !is_filtered, for_some: asked.for_some && !is_filtered };
    match text("Node Type") {
        "Seq Scan" => {
            let table = parent(text("Relation Name"));
            if TABLES.iter().any(|(name, _)| *name == table) {
                reads.push((table.to_owned(), format!("every row of {table}")));
            }
        }
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => {
            if let Some((table, columns)) = indexes.get(text("Index Name"))
                && let Some(read) = too_much(node, table, columns, asked)
            {
                reads.push((table.clone(), read));
            }
        }
        _ => {}
    }
    let below = match text("Node Type") {
        "Limit" => Asked { for_some: true, ..asked },
        "Append" | "Merge Append" | "Result" | "Subquery Scan" => asked,
        "Sort" | "Incremental Sort" => Asked { for_some: false, ..asked },
        // The rows that are found are written or taken away, each of them.
        "ModifyTable" => asked,
        // What they find, they look up.
        "Bitmap Heap Scan" => Asked { for_some: false, ..asked },
        // Something is made of the rows: not each is one of the answer.
        _ => Asked { for_all: false, for_some: false },
    };
    for part in node.get("Plans").and_then(Value::as_array).into_iter().flatten() {
        // A part that is worked out apart is asked anew: an aggregate without a limit wants all.
        let is_apart = part["Parent Relationship"] == "InitPlan";
        let asked = if is_apart { Asked { for_all: false, for_some: false } } else { below };
        look(part, asked, indexes, reads);
    }
}

/// Why a scan of an index reads more than it is asked for.
fn too_much(
    scan: &Map<String, Value>,
    table: &str,
    columns: &[String],
    asked: Asked,
) -> Option<String> {
    let condition = scan.get("Index Cond").and_then(Value::as_str).unwrap_or_default();
    let words: Vec<_> = condition.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let bound = columns.iter().take_while(|column| words.contains(&column.as_str())).count();
    let by_school = bound == 1 && columns.first().is_some_and(|first| first == "school_id");
    if asked.for_some {
        None
    } else if bound == 0 {
        Some(format!("every row of {table}, in the order of an index"))
    } else if by_school && columns.len() > 1 && !FEW.contains(&table) && !asked.for_all {
        Some(format!("all that a school has in {table}"))
    } else {
        None
    }
}

/// The table that a partition is one of.
fn parent(name: &str) -> &str {
    name.rsplit_once("_y").map_or(name, |(table, year)| {
        if year.starts_with(|c: char| c.is_ascii_digit()) { table } else { name }
    })
}
