//! School years that were opened, and what is kept and forgotten of one account.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, LessonId, NewYearId, PersonId, SchoolId},
    people::CardRecord,
};
use sqlx::SqliteConnection;

use super::{
    audit::entry as audit_entry,
    bulk::{id, write_all},
    family::ids,
    identity::a_session,
    support,
    value::{Columns, failed},
};
use crate::backend::{AuditEntry, BackendError, CardJournalEntry, Changes, NewYearRow, SessionRow};

pub(super) async fn audit_about(
    connection: &mut SqliteConnection,
    school: SchoolId,
    accounts: &[AccountId],
    lessons: &[LessonId],
    limit: u32,
) -> Result<Vec<AuditEntry>, BackendError> {
    let accounts: Vec<_> = accounts.iter().map(|account| id(account.0)).collect();
    let lessons: Vec<_> = lessons.iter().map(|lesson| id(lesson.0)).collect();
    let corrupt = |_| BackendError::Corrupt("value to ask for");
    sqlx::query(
        "SELECT at, action, outcome, school_id, actor_id, subject_id, case_code, lesson_id \
         FROM audit WHERE entry IN \
           (SELECT entry FROM audit WHERE school_id = ?1 \
              AND subject_id IN (SELECT unhex(value) FROM json_each(?2)) \
            UNION SELECT entry FROM audit WHERE school_id = ?1 \
              AND actor_id IN (SELECT unhex(value) FROM json_each(?2)) \
            UNION SELECT entry FROM audit WHERE school_id = ?1 \
              AND lesson_id IN (SELECT unhex(value) FROM json_each(?3))) \
         ORDER BY entry DESC LIMIT ?4",
    )
    .bind(school.0)
    .bind(serde_json::to_string(&accounts).map_err(corrupt)?)
    .bind(serde_json::to_string(&lessons).map_err(corrupt)?)
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| audit_entry(&mut Columns::of(row)))
    .collect()
}

pub(super) async fn audit_between(
    connection: &mut SqliteConnection,
    school: SchoolId,
    account: AccountId,
    lessons: &[LessonId],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    (skip, limit): (u32, u32),
) -> Result<Vec<AuditEntry>, BackendError> {
    let lessons: Vec<_> = lessons.iter().map(|lesson| id(lesson.0)).collect();
    let lessons = serde_json::to_string(&lessons);
    sqlx::query(
        "SELECT at, action, outcome, school_id, actor_id, subject_id, case_code, lesson_id \
         FROM audit WHERE entry IN \
           (SELECT entry FROM audit WHERE school_id = ?1 AND subject_id = ?2 \
              AND at >= ?4 AND at < ?5 AND actor_id <> ?2 \
            UNION SELECT entry FROM audit WHERE school_id = ?1 \
              AND lesson_id IN (SELECT unhex(value) FROM json_each(?3)) \
              AND at >= ?4 AND at < ?5 AND actor_id <> ?2) \
         ORDER BY entry DESC LIMIT ?6 OFFSET ?7",
    )
    .bind(school.0)
    .bind(account.0)
    .bind(lessons.map_err(|_| BackendError::Corrupt("value to ask for"))?)
    .bind(from.timestamp_micros())
    .bind(until.timestamp_micros())
    .bind(limit)
    .bind(skip)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| audit_entry(&mut Columns::of(row)))
    .collect()
}

pub(super) async fn card_journal(
    connection: &mut SqliteConnection,
    school: SchoolId,
    accounts: &[AccountId],
) -> Result<Vec<CardJournalEntry>, BackendError> {
    sqlx::query(
        "SELECT account_id, card, step, at, by_id FROM card_journal \
         WHERE school_id = ?1 AND account_id IN (SELECT unhex(value) FROM json_each(?2)) \
         ORDER BY account_id, card, entry",
    )
    .bind(school.0)
    .bind(ids(accounts)?)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        let account = AccountId(columns.take()?);
        let line = CardRecord {
            card: columns.number("number of a card")?,
            step: columns.take::<&str>()?.into(),
            at: columns.instant()?,
            by: columns.take::<Option<_>>()?.map(AccountId),
        };
        Ok(CardJournalEntry { school, account, line })
    })
    .collect()
}

pub(super) async fn sessions_of(
    connection: &mut SqliteConnection,
    person: PersonId,
) -> Result<Vec<SessionRow>, BackendError> {
    sqlx::query(
        "SELECT token_hash, person_id, accounts, method, choose, chosen_account, password_ends, \
           created_at, expires_at, grant_id, granted_until \
         FROM session WHERE person_id = ?1 ORDER BY token_hash",
    )
    .bind(person.0)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(a_session)
    .collect()
}

pub(super) async fn new_years(
    connection: &mut SqliteConnection,
    school: SchoolId,
) -> Result<Vec<NewYearRow>, BackendError> {
    sqlx::query(
        "SELECT new_year_id, year, at, actor_id, undone_at, change FROM new_year \
         WHERE school_id = ?1 ORDER BY new_year_id",
    )
    .bind(school.0)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok(NewYearRow {
            id: NewYearId(columns.take()?),
            school,
            year: columns.take()?,
            at: columns.instant()?,
            actor: columns.take::<Option<_>>()?.map(AccountId),
            undone_at: columns.maybe_instant()?,
            change: columns.json("new year")?,
        })
    })
    .collect()
}

/// Takes away by what accounts were found and let in, and keeps the years that were opened.
pub(super) async fn apply(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    for statement in [
        "DELETE FROM claim WHERE (school_id, account_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM device WHERE login_hash IN \
           (SELECT login_hash FROM credential WHERE (school_id, account_id) IN \
             (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1)))",
        "DELETE FROM credential WHERE (school_id, account_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM duty WHERE (school_id, account_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM recovery_link WHERE (school_id, account_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM data_basis WHERE (school_id, account_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM excuse WHERE (school_id, pupil_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM consent WHERE (school_id, pupil_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM merge_move WHERE (school_id, account_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM kept_apart WHERE one_id IN \
           (SELECT unhex(value->>1) FROM json_each(?1)) \
           OR other_id IN (SELECT unhex(value->>1) FROM json_each(?1))",
    ] {
        let rows = changes.erased.iter().map(|(school, account)| (id(school.0), id(account.0)));
        write_all(c, statement, rows).await?;
    }
    support::erased(c, changes).await?;
    let mut years = Vec::with_capacity(changes.new_years.len());
    for row in &changes.new_years {
        let change = serde_json::to_string(&row.change);
        let change = change.map_err(|_| BackendError::Corrupt("value to write"))?;
        years.push((
            id(row.school.0),
            id(row.id.0),
            row.year,
            row.at.timestamp_micros(),
            row.actor.map(|actor| id(actor.0)),
            row.undone_at.map(|at| at.timestamp_micros()),
            change,
        ));
    }
    write_all(
        c,
        "INSERT INTO new_year (school_id, new_year_id, year, at, actor_id, undone_at, change) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3, unhex(value->>4), \
           value->>5, value->>6 FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, new_year_id) DO UPDATE SET year = excluded.year, \
           at = excluded.at, actor_id = excluded.actor_id, undone_at = excluded.undone_at, \
           change = excluded.change",
        years.into_iter(),
    )
    .await
}
