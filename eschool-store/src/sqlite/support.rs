//! Support cases.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, SchoolId},
    signin::CaseCode,
};
use sqlx::SqliteConnection;

use super::{
    bulk::{hex, id, write_all},
    value::{Columns, failed},
};
use crate::{
    backend::{BackendError, Changes, SupportCaseRow},
    secret::KeyHash,
};

pub(super) async fn support_cases_of(
    connection: &mut SqliteConnection,
    people: &[KeyHash],
    accounts: &[(SchoolId, AccountId)],
) -> Result<Vec<CaseCode>, BackendError> {
    let people: Vec<_> = people.iter().map(|person| hex(&person.0)).collect();
    let accounts: Vec<_> =
        accounts.iter().map(|(school, account)| (id(school.0), id(account.0))).collect();
    let people = serde_json::to_string(&people).map_err(|_| BackendError::Corrupt("key"))?;
    let accounts =
        serde_json::to_string(&accounts).map_err(|_| BackendError::Corrupt("account"))?;
    sqlx::query(
        "SELECT case_code FROM support_case \
         WHERE person_key IN (SELECT unhex(value) FROM json_each(?1)) \
         UNION SELECT case_code FROM support_case_account \
         WHERE (school_id, account_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?2)) ORDER BY case_code",
    )
    .bind(people)
    .bind(accounts)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| Columns::of(row).parse("case code"))
    .collect()
}

pub(super) async fn support_cases_until(
    connection: &mut SqliteConnection,
    end: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<CaseCode>, BackendError> {
    sqlx::query(
        "SELECT case_code FROM support_case WHERE expires_at <= ?1 \
         ORDER BY expires_at, case_code LIMIT ?2",
    )
    .bind(end.timestamp_micros())
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| Columns::of(row).parse("case code"))
    .collect()
}

pub(super) async fn support_cases_after(
    connection: &mut SqliteConnection,
    code: Option<&CaseCode>,
    limit: u32,
) -> Result<Vec<CaseCode>, BackendError> {
    sqlx::query(
        "SELECT case_code FROM support_case WHERE case_code > ?1 ORDER BY case_code LIMIT ?2",
    )
    .bind(code.map(ToString::to_string).unwrap_or_default())
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| Columns::of(row).parse("case code"))
    .collect()
}

pub(super) async fn support_case(
    connection: &mut SqliteConnection,
    code: &CaseCode,
) -> Result<Option<SupportCaseRow>, BackendError> {
    let row = sqlx::query(
        "SELECT case_code, school_id, person_key, person_sealed, expires_at, case_sealed \
         FROM support_case WHERE case_code = ?1",
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

pub(super) async fn apply(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO support_case \
           (case_code, school_id, person_key, person_sealed, expires_at, case_sealed) \
         SELECT value->>0, unhex(value->>1), unhex(value->>2), unhex(value->>3), value->>4, \
           unhex(value->>5) FROM json_each(?1) WHERE true \
         ON CONFLICT (case_code) DO UPDATE SET school_id = excluded.school_id, \
           person_key = excluded.person_key, person_sealed = excluded.person_sealed, \
           expires_at = excluded.expires_at, case_sealed = excluded.case_sealed",
        changes.support_cases.iter().map(|row| {
            let person = row.person.map(|person| hex(&person.0));
            let expires_at = row.expires_at.map(|at| at.timestamp_micros());
            let (code, school) = (row.code.to_string(), id(row.school.0));
            let number = row.number.as_ref().map(|number| hex(&number.to_bytes()));
            (code, school, person, number, expires_at, hex(&row.case.to_bytes()))
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO support_case_account (case_code, school_id, account_id) \
         SELECT value->>0, unhex(value->>1), unhex(value->>2) FROM json_each(?1) WHERE true \
         ON CONFLICT DO NOTHING",
        changes
            .case_accounts
            .iter()
            .map(|found| (found.code.to_string(), id(found.school.0), id(found.account.0))),
    )
    .await
}

/// Takes cases away, with what they found.
pub(super) async fn erased(
    c: &mut SqliteConnection,
    changes: &Changes,
) -> Result<(), BackendError> {
    for statement in [
        "DELETE FROM support_case_account WHERE case_code IN \
           (SELECT value->>0 FROM json_each(?1))",
        "DELETE FROM support_case WHERE case_code IN (SELECT value->>0 FROM json_each(?1))",
    ] {
        let codes = changes.erased_cases.iter().map(|case| (case.to_string(),));
        write_all(c, statement, codes).await?;
    }
    Ok(())
}
