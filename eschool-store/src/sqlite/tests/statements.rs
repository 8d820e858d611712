//! That every statement finds its rows by an index, as `statements` says.
//!
//! They are planned as in every file: with the figures that it is told when it is opened.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, Executor as _, SqliteConnection};

use super::Scratch;
use crate::{
    size::FEW,
    sqlite::SqliteBackend,
    statements::{self, Excuses, Statement},
};

#[tokio::test]
async fn every_statement_finds_its_rows_by_an_index() {
    let scratch = Scratch::new().await;
    let statements = statements::of("sqlite");
    for file in [
        "apply.rs",
        "apps.rs",
        "audit.rs",
        "events.rs",
        "family.rs",
        "identity.rs",
        "journal.rs",
        "lesson.rs",
        "merges.rs",
        "people.rs",
        "refused.rs",
        "removed.rs",
        "year.rs",
    ] {
        assert!(statements.iter().any(|statement| statement.file == file), "{file}");
    }
    assert!(statements.len() >= 180, "{} statements", statements.len());

    let mut connection = scratch.backend.pool.acquire().await.unwrap();
    let mut excuses = Excuses::default();
    let faults = faults(&mut connection, &statements, &mut excuses).await;
    assert!(faults.is_empty(), "{} statements:\n\n{}", faults.len(), faults.join("\n\n"));
    assert!(excuses.used() >= 5, "{excuses:?}");

    // Without one of its indexes a table is read whole, and whoever does is named.
    for (index, statement, table) in [
        ("claim_of_account", "FROM claim WHERE school_id = ?1", "claim"),
        ("mark_of_lesson", "FROM mark WHERE school_id = ?1 AND lesson_id = ?2", "mark"),
        ("session_by_end", "FROM session WHERE expires_at <= ?1", "session"),
        ("recovery_letter_by_due", "FROM recovery_letter WHERE due_at <= ?1", "recovery_letter"),
        ("work_of_lesson", "FROM work WHERE school_id = ?1 AND lesson_id = ?2", "work"),
    ] {
        let missing = format!("BEGIN; DROP INDEX {index}");
        connection.execute(sqlx::raw_sql(AssertSqlSafe(missing))).await.unwrap();
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

#[tokio::test]
async fn figures_are_told_once_and_told_anew_where_they_were_lost() {
    let scratch = Scratch::new().await;
    let figures = async |backend: &SqliteBackend| -> Vec<(String, String, String)> {
        let all = sqlx::query_as("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx");
        all.fetch_all(&backend.pool).await.unwrap()
    };
    let told = figures(&scratch.backend).await;
    let of_lesson = ("mark".into(), "mark_of_lesson".into(), "4000000 20000 10".into());
    assert!(told.contains(&of_lesson), "{told:?}");
    // Of empty tables nothing is known, and what was told of them is forgotten.
    scratch.backend.pool.execute("ANALYZE").await.unwrap();
    assert_ne!(figures(&scratch.backend).await, told);
    scratch.backend.close().await;
    for _ in 0..2 {
        let again = SqliteBackend::open(&scratch.file()).await.unwrap();
        assert_eq!(figures(&again).await, told);
        again.close().await;
    }
}

/// The statements that read what they need not, each with its plan.
async fn faults(
    connection: &mut SqliteConnection,
    statements: &[Statement],
    excuses: &mut Excuses,
) -> Vec<String> {
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    let tables: BTreeSet<String> = tables.into_iter().collect();
    let mut faults = Vec::new();
    for statement in statements {
        let Statement { file, text } = statement;
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).persistent(false).fetch_all(&mut *connection).await.unwrap();
        let plan: Vec<Step> =
            plan.into_iter().map(|(_, parent, _, text)| Step { parent, text }).collect();
        let names = names(text, &tables);
        let mut reads: Vec<_> =
            plan.iter().filter_map(|step| read(step, text, &plan, &names)).collect();
        reads.retain(|(table, _)| !excuses.excuse(statement, table));
        if !reads.is_empty() {
            let reads: Vec<_> = reads.into_iter().map(|(_, read)| read).collect();
            faults.push(format!("{file}: {}\n{text}\n{}", reads.join(", "), shown(&plan)));
        }
    }
    faults
}

/// A step of a plan, and the one it is a part of.
struct Step {
    parent: i64,
    text: String,
}

fn shown(plan: &[Step]) -> String {
    plan.iter().map(|step| step.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// The tables of a statement by the names they have in it, which are those in its plan.
fn names<'t>(text: &'t str, tables: &'t BTreeSet<String>) -> BTreeMap<&'t str, &'t str> {
    const KEYWORDS: &[&str] = &[
        "WHERE", "JOIN", "LEFT", "ORDER", "SELECT", "SET", "NOT", "ON", "GROUP", "UNION", "LIMIT",
        "FROM",
    ];
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != ')' && c != '(')
        .flat_map(|word| word.split_inclusive(['(', ')']))
        .filter(|word| !word.is_empty())
        .collect();
    // A table may be searched that the text does not name: for those who refer to a row.
    let mut names: BTreeMap<_, _> =
        tables.iter().map(|table| (table.as_str(), table.as_str())).collect();
    for (place, word) in words.iter().enumerate() {
        let table = word.trim_end_matches(['(', ')']);
        if !tables.contains(table) {
            continue;
        }
        let after = words.get(place + 1).copied().unwrap_or_default();
        let after =
            if after == "AS" { words.get(place + 2).copied().unwrap_or_default() } else { after };
        let alias = after.trim_end_matches(')');
        if table == *word && !alias.is_empty() && !KEYWORDS.contains(&alias) && !after.contains('(')
        {
            names.insert(alias, table);
        }
    }
    names
}

/// What a step of a plan reads and should not, by its table.
fn read(
    step: &Step,
    text: &str,
    plan: &[Step],
    names: &BTreeMap<&str, &str>,
) -> Option<(String, String)> {
    let Step { parent, text: step } = step;
    let is_in = |what: &str| plan.iter().any(|step| step.text == what);
    let mut words = step.split(' ');
    let how = words.next().filter(|how| ["SCAN", "SEARCH"].contains(how))?;
    let name = words.next()?;
    // Rows that the statement has made before.
    let is_made = is_in(&format!("CO-ROUTINE {name}")) || is_in(&format!("MATERIALIZE {name}"));
    let table = match names.get(name) {
        Some(table) if !(is_made && how == "SCAN") => *table,
        _ => {
            let is_given = step.contains("VIRTUAL TABLE") || name == "CONSTANT";
            assert!(is_made || is_given || name.starts_with('('), "what is {name}? {text}");
            return None;
        }
    };
    let is_sorted = plan.iter().any(|other| {
        other.parent == *parent && other.text.starts_with("USE TEMP B-TREE FOR ORDER")
    });
    // It ends after so many rows.
    let is_limited = text.contains(" LIMIT ") && !is_sorted;
    if how == "SCAN" {
        let reads_on = !is_limited || text.contains(" WHERE ");
        return reads_on.then(|| (table.to_owned(), format!("every row of {table}")));
    }
    let by_school = step.contains("(school_id=?)") || step.contains("(<expr>=?)");
    let is_answer = [
        format!(" FROM {table} WHERE school_id = ?1"),
        format!("DELETE FROM {table} WHERE school_id = ?1"),
    ]
    .iter()
    .any(|all| {
        text.split_once(all).is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with(" ORDER"))
    });
    let is_fault = by_school && !FEW.contains(&table) && !is_answer;
    is_fault.then(|| (table.to_owned(), format!("all that a school has in {table}: {step}")))
}
