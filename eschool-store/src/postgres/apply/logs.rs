//! What only grows: the card journal, changes of marks, events, the audit.
//!
//! A line gets its key as it is appended, in the form of a UUID: the microsecond at which the
//! database took it, its place among the lines of the statement, and chance for those of another
//! connection in the same microsecond. So lines of a school stand in the order in which they were
//! appended, without a counter that all writers would have to share.

use sqlx::PgConnection;

use crate::{
    backend::{BackendError, Changes},
    postgres::{
        bulk::{column, write_all},
        value::to_json,
    },
};

/// The key of the line at the place `n`, appended at `now`.
macro_rules! entry {
    () => {
        "(lpad(to_hex((extract(epoch FROM now.at) * 1000000)::bigint), 16, '0') \
          || lpad(to_hex(n.place), 8, '0') || left(md5(gen_random_uuid()::text), 8))::uuid"
    };
}

pub(super) async fn apply(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        concat!(
            "INSERT INTO card_journal (school_id, entry, account_id, card, step, at, by_id) \
             SELECT n.school_id, ",
            entry!(),
            ", n.account_id, n.card, n.step, n.at, n.by_id FROM (SELECT clock_timestamp() AS at) now, \
             unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::timestamptz[], $6::uuid[]) \
             WITH ORDINALITY AS n (school_id, account_id, card, step, at, by_id, place)"
        ),
        &changes.card_journal,
        |statement, rows| {
            statement
                .bind(column(rows, |entry| entry.school.0))
                .bind(column(rows, |entry| entry.account.0))
                .bind(column(rows, |entry| i64::from(entry.line.card)))
                .bind(column(rows, |entry| entry.line.step.as_str()))
                .bind(column(rows, |entry| entry.line.at))
                .bind(column(rows, |entry| entry.line.by.map(|by| by.0)))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO mark_revision (school_id, lesson_id, entry_id, mark_id, pupil_id, \
           old_value, new_value, by_id, at, comment) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], \
           $6::text[], $7::text[], $8::uuid[], $9::timestamptz[], $10::text[]) \
         ON CONFLICT (school_id, lesson_id, entry_id) DO NOTHING",
        &changes.mark_changes,
        |statement, rows| {
            statement
                .bind(column(rows, |line| line.school.0))
                .bind(column(rows, |line| line.lesson.0))
                .bind(column(rows, |line| line.entry))
                .bind(column(rows, |line| line.mark.0))
                .bind(column(rows, |line| line.pupil.0))
                .bind(column(rows, |line| line.old.to_string()))
                .bind(column(rows, |line| line.new.as_ref().map(ToString::to_string)))
                .bind(column(rows, |line| line.by.map(|by| by.0)))
                .bind(column(rows, |line| line.at))
                .bind(column(rows, |line| line.comment.as_deref()))
        },
    )
    .await?;
    events(c, changes).await?;
    write_all(
        c,
        concat!(
            "INSERT INTO audit \
               (school_id, entry, at, action, outcome, actor_id, subject_id, case_code, \
                lesson_id) \
             SELECT n.school_id, ",
            entry!(),
            ", n.at, n.action, n.outcome, n.actor_id, n.subject_id, n.case_code, n.lesson_id \
             FROM (SELECT clock_timestamp() AS at) now, unnest($1::uuid[], $2::timestamptz[], \
               $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::uuid[]) \
             WITH ORDINALITY AS n \
               (school_id, at, action, outcome, actor_id, subject_id, case_code, lesson_id, place)"
        ),
        &changes.audit,
        |statement, rows| {
            statement
                .bind(column(rows, |line| line.school.map_or(uuid::Uuid::nil(), |id| id.0)))
                .bind(column(rows, |line| line.at))
                .bind(column(rows, |line| line.action.as_str()))
                .bind(column(rows, |line| line.outcome.as_str()))
                .bind(column(rows, |line| line.actor.map(|account| account.0)))
                .bind(column(rows, |line| line.subject.map(|account| account.0)))
                .bind(column(rows, |line| line.case.map(|case| case.to_string())))
                .bind(column(rows, |line| line.lesson.map(|lesson| lesson.0)))
        },
    )
    .await
}

async fn events(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let mut rows = Vec::with_capacity(changes.events.len());
    for (school, event) in &changes.events {
        let cursor = i64::try_from(event.cursor).map_err(|_| BackendError::Corrupt("cursor"))?;
        rows.push((school.0, cursor, event, to_json(&event.what)?));
    }
    write_all(
        c,
        "INSERT INTO event (school_id, cursor, pupil_id, at, what) \
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::timestamptz[], \
           $5::text[])",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, ..)| *school))
                .bind(column(rows, |(_, cursor, ..)| *cursor))
                .bind(column(rows, |(_, _, event, _)| event.pupil.0))
                .bind(column(rows, |(_, _, event, _)| event.at))
                .bind(column(rows, |(.., what)| what.as_str()))
        },
    )
    .await
}
