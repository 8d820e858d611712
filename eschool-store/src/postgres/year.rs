//! School years that were opened, and what is kept and forgotten of one account.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, LessonId, NewYearId, PersonId, SchoolId},
    people::CardRecord,
};
use sqlx::{PgConnection, Row as _};

use super::{
    audit::entry as audit_entry,
    bulk::{ROWS, column, latest, write_all},
    identity::a_session,
    support,
    value::{Columns, failed, to_json},
};
use crate::backend::{AuditEntry, BackendError, CardJournalEntry, Changes, NewYearRow, SessionRow};

pub(super) async fn audit_about(
    connection: &mut PgConnection,
    school: SchoolId,
    accounts: &[AccountId],
    lessons: &[LessonId],
    limit: u32,
) -> Result<Vec<AuditEntry>, BackendError> {
    sqlx::query(
        "SELECT at, action, outcome, school_id, actor_id, subject_id, case_code, lesson_id \
         FROM audit WHERE school_id = $1 AND entry IN \
           (SELECT entry FROM audit WHERE school_id = $1 AND subject_id = ANY($2) \
            UNION SELECT entry FROM audit WHERE school_id = $1 AND actor_id = ANY($2) \
            UNION SELECT entry FROM audit WHERE school_id = $1 AND lesson_id = ANY($3)) \
         ORDER BY entry DESC LIMIT $4",
    )
    .bind(school.0)
    .bind(column(accounts, |account| account.0))
    .bind(column(lessons, |lesson| lesson.0))
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| audit_entry(&mut Columns::of(row)))
    .collect()
}

pub(super) async fn audit_between(
    connection: &mut PgConnection,
    school: SchoolId,
    account: AccountId,
    lessons: &[LessonId],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    (skip, limit): (u32, u32),
) -> Result<Vec<AuditEntry>, BackendError> {
    sqlx::query(
        "SELECT at, action, outcome, school_id, actor_id, subject_id, case_code, lesson_id \
         FROM audit WHERE school_id = $1 AND entry IN \
           (SELECT entry FROM audit WHERE school_id = $1 AND subject_id = $2 \
              AND at >= $4 AND at < $5 AND actor_id <> $2 \
            UNION SELECT entry FROM audit WHERE school_id = $1 AND lesson_id = ANY($3) \
              AND at >= $4 AND at < $5 AND actor_id <> $2) \
         ORDER BY entry DESC LIMIT $6 OFFSET $7",
    )
    .bind(school.0)
    .bind(account.0)
    .bind(column(lessons, |lesson| lesson.0))
    .bind(from)
    .bind(until)
    .bind(i64::from(limit))
    .bind(i64::from(skip))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| audit_entry(&mut Columns::of(row)))
    .collect()
}

pub(super) async fn card_journal(
    connection: &mut PgConnection,
    school: SchoolId,
    accounts: &[AccountId],
) -> Result<Vec<CardJournalEntry>, BackendError> {
    sqlx::query(
        "SELECT account_id, card, step, at, by_id FROM card_journal \
         WHERE school_id = $1 AND account_id = ANY ($2) ORDER BY account_id, card, entry",
    )
    .bind(school.0)
    .bind(column(accounts, |account| account.0))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        let account = AccountId(columns.take()?);
        let line = CardRecord {
            card: columns.long("number of a card")?,
            step: columns.take::<&str>()?.into(),
            at: columns.instant()?,
            by: columns.take::<Option<_>>()?.map(AccountId),
        };
        Ok(CardJournalEntry { school, account, line })
    })
    .collect()
}

pub(super) async fn sessions_of(
    connection: &mut PgConnection,
    person: PersonId,
) -> Result<Vec<SessionRow>, BackendError> {
    sqlx::query(
        "SELECT token_hash, person_id, accounts, method, choose, chosen_account, password_ends, \
           created_at, expires_at, grant_id, granted_until \
         FROM session WHERE person_id = $1 ORDER BY token_hash",
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
    connection: &mut PgConnection,
    school: SchoolId,
) -> Result<Vec<NewYearRow>, BackendError> {
    sqlx::query(
        "SELECT new_year_id, year, at, actor_id, undone_at, change FROM new_year \
         WHERE school_id = $1 ORDER BY new_year_id",
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

pub(super) async fn write_new_years(
    c: &mut PgConnection,
    changes: &Changes,
) -> Result<(), BackendError> {
    let rows = latest(&changes.new_years, |row| (row.school, row.id));
    let mut years = Vec::with_capacity(rows.len());
    for row in rows {
        years.push((row, to_json(&row.change)?));
    }
    write_all(
        c,
        "INSERT INTO new_year (school_id, new_year_id, year, at, actor_id, undone_at, change) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::timestamptz[], \
           $5::uuid[], $6::timestamptz[], $7::text[]) \
         ON CONFLICT (school_id, new_year_id) DO UPDATE SET year = excluded.year, \
           at = excluded.at, actor_id = excluded.actor_id, undone_at = excluded.undone_at, \
           change = excluded.change",
        &years,
        |statement, rows| {
            statement
                .bind(column(rows, |(row, _)| row.school.0))
                .bind(column(rows, |(row, _)| row.id.0))
                .bind(column(rows, |(row, _)| row.year))
                .bind(column(rows, |(row, _)| row.at))
                .bind(column(rows, |(row, _)| row.actor.map(|actor| actor.0)))
                .bind(column(rows, |(row, _)| row.undone_at))
                .bind(column(rows, |(_, change)| change.as_str()))
        },
    )
    .await
}

/// Takes away by what accounts were found and let in: what lies by the school is read, and what lies
/// by a hash is taken away by what was read.
pub(super) async fn erased(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let accounts = &changes.erased;
    support::erased(c, changes).await?;
    for accounts in accounts.chunks(ROWS) {
        let schools = column(accounts, |(school, _)| school.0);
        let ids = column(accounts, |(_, account)| account.0);
        let logins = sqlx::query(
            "DELETE FROM credential t USING unnest($1::uuid[], $2::uuid[]) \
               AS n (school_id, account_id) \
             WHERE t.school_id = n.school_id AND t.account_id = n.account_id \
             RETURNING t.login_hash",
        )
        .bind(&schools)
        .bind(&ids)
        .fetch_all(&mut *c)
        .await
        .map_err(failed)?;
        let logins = logins.iter().map(|row| row.try_get(0));
        let logins: Vec<Vec<u8>> = logins.collect::<Result<_, _>>().map_err(failed)?;
        for statement in [
            "DELETE FROM login WHERE login_hash = ANY($1)",
            "DELETE FROM device WHERE login_hash = ANY($1)",
        ] {
            sqlx::query(statement).bind(&logins).execute(&mut *c).await.map_err(failed)?;
        }
        for statement in [
            "DELETE FROM claim t USING unnest($1::uuid[], $2::uuid[]) \
               AS n (school_id, account_id) \
             WHERE t.school_id = n.school_id AND t.account_id = n.account_id",
            "DELETE FROM duty t USING unnest($1::uuid[], $2::uuid[]) \
               AS n (school_id, account_id) \
             WHERE t.school_id = n.school_id AND t.account_id = n.account_id",
            "DELETE FROM recovery_link t USING unnest($1::uuid[], $2::uuid[]) \
               AS n (school_id, account_id) \
             WHERE t.school_id = n.school_id AND t.account_id = n.account_id",
            "DELETE FROM data_basis t USING unnest($1::uuid[], $2::uuid[]) \
               AS n (school_id, account_id) \
             WHERE t.school_id = n.school_id AND t.account_id = n.account_id",
            "DELETE FROM excuse t USING unnest($1::uuid[], $2::uuid[]) \
               AS n (school_id, account_id) \
             WHERE t.school_id = n.school_id AND t.pupil_id = n.account_id",
            "DELETE FROM consent t USING unnest($1::uuid[], $2::uuid[]) \
               AS n (school_id, account_id) \
             WHERE t.school_id = n.school_id AND t.pupil_id = n.account_id",
            "DELETE FROM merge_move t USING unnest($1::uuid[], $2::uuid[]) \
               AS n (school_id, account_id) \
             WHERE t.school_id = n.school_id AND t.account_id = n.account_id",
        ] {
            let statement = sqlx::query(statement).bind(&schools).bind(&ids);
            statement.execute(&mut *c).await.map_err(failed)?;
        }
        sqlx::query("DELETE FROM kept_apart WHERE one_id = ANY($1) OR other_id = ANY($1)")
            .bind(&ids)
            .execute(&mut *c)
            .await
            .map_err(failed)?;
    }
    Ok(())
}
