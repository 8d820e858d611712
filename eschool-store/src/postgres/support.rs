//! Support cases.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, SchoolId},
    signin::CaseCode,
};
use sqlx::PgConnection;

use super::{
    bulk::{column, latest, write_all},
    value::{Columns, failed},
};
use crate::{
    backend::{BackendError, Changes, SupportCaseRow},
    secret::{KeyHash, Sealed},
};

pub(super) async fn support_cases_of(
    connection: &mut PgConnection,
    people: &[KeyHash],
    accounts: &[(SchoolId, AccountId)],
) -> Result<Vec<CaseCode>, BackendError> {
    sqlx::query(
        "SELECT case_code FROM support_case WHERE person_key = ANY ($1) \
         UNION SELECT s.case_code FROM support_case_account s \
           JOIN unnest($2::uuid[], $3::uuid[]) AS n (school_id, account_id) \
             ON s.school_id = n.school_id AND s.account_id = n.account_id \
         ORDER BY case_code",
    )
    .bind(column(people, |person| person.0))
    .bind(column(accounts, |(school, _)| school.0))
    .bind(column(accounts, |(_, account)| account.0))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| Columns::of(row).parse("case code"))
    .collect()
}

pub(super) async fn support_cases_until(
    connection: &mut PgConnection,
    end: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<CaseCode>, BackendError> {
    sqlx::query(
        "SELECT case_code FROM support_case WHERE expires_at <= $1 \
         ORDER BY expires_at, case_code LIMIT $2",
    )
    .bind(end)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| Columns::of(row).parse("case code"))
    .collect()
}

pub(super) async fn support_cases_after(
    connection: &mut PgConnection,
    code: Option<&CaseCode>,
    limit: u32,
) -> Result<Vec<CaseCode>, BackendError> {
    sqlx::query(
        "SELECT case_code FROM support_case WHERE case_code > $1 ORDER BY case_code LIMIT $2",
    )
    .bind(code.map(ToString::to_string).unwrap_or_default())
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| Columns::of(row).parse("case code"))
    .collect()
}

pub(super) async fn support_case(
    connection: &mut PgConnection,
    code: &CaseCode,
) -> Result<Option<SupportCaseRow>, BackendError> {
    let row = sqlx::query(
        "SELECT case_code, school_id, person_key, person_sealed, expires_at, case_sealed \
         FROM support_case WHERE case_code = $1",
    )
    .bind(code.to_string())
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.map(|row| {
        let mut columns = Columns::of(&row);
        Ok(SupportCaseRow {
            code: columns.parse("case code")?,
            school: SchoolId(columns.take()?),
            person: columns.maybe_hash()?.map(KeyHash),
            number: columns.sealed()?,
            expires_at: columns.maybe_instant()?,
            case: columns.sealed()?.ok_or(BackendError::Corrupt("support case"))?,
        })
    })
    .transpose()
}

pub(super) async fn apply(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO support_case \
           (case_code, school_id, person_key, person_sealed, expires_at, case_sealed) \
         SELECT * FROM unnest($1::text[], $2::uuid[], $3::bytea[], $4::bytea[], \
           $5::timestamptz[], $6::bytea[]) \
         ON CONFLICT (case_code) DO UPDATE SET school_id = excluded.school_id, \
           person_key = excluded.person_key, person_sealed = excluded.person_sealed, \
           expires_at = excluded.expires_at, case_sealed = excluded.case_sealed",
        &latest(&changes.support_cases, |row| row.code),
        |statement, rows| {
            statement
                .bind(column(rows, |row| row.code.to_string()))
                .bind(column(rows, |row| row.school.0))
                .bind(column(rows, |row| row.person.map(|person| person.0)))
                .bind(column(rows, |row| row.number.as_ref().map(Sealed::to_bytes)))
                .bind(column(rows, |row| row.expires_at))
                .bind(column(rows, |row| row.case.to_bytes()))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO support_case_account (case_code, school_id, account_id) \
         SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[]) ON CONFLICT DO NOTHING",
        &changes.case_accounts,
        |statement, rows| {
            statement
                .bind(column(rows, |found| found.code.to_string()))
                .bind(column(rows, |found| found.school.0))
                .bind(column(rows, |found| found.account.0))
        },
    )
    .await
}

/// Takes cases away, with what they found.
pub(super) async fn erased(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    for statement in [
        "DELETE FROM support_case_account WHERE case_code = ANY ($1)",
        "DELETE FROM support_case WHERE case_code = ANY ($1)",
    ] {
        write_all(c, statement, &changes.erased_cases, |statement, rows| {
            statement.bind(column(rows, ToString::to_string))
        })
        .await?;
    }
    Ok(())
}
