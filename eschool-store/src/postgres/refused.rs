//! What is kept of refused sign-ins, and invitations.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, SchoolId},
    people::Duty,
    signin::{CaseCode, RefusalCode},
};
use sqlx::{PgConnection, postgres::PgRow};

use super::value::{Columns, failed};
use crate::{
    backend::{BackendError, InvitationRow, RefusedSignInRow},
    secret::{KeyHash, TokenHash},
};

pub(super) async fn refused_sign_in(
    connection: &mut PgConnection,
    case: &CaseCode,
) -> Result<Option<RefusedSignInRow>, BackendError> {
    let row = sqlx::query(
        "SELECT case_code, person_key, at, refusal, expires_at, said_sealed FROM refused_sign_in \
         WHERE case_code = $1",
    )
    .bind(case.to_string())
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.as_ref().map(a_refused_sign_in).transpose()
}

pub(super) async fn refused_sign_ins_of(
    connection: &mut PgConnection,
    person: &KeyHash,
) -> Result<Vec<RefusedSignInRow>, BackendError> {
    sqlx::query(
        "SELECT case_code, person_key, at, refusal, expires_at, said_sealed FROM refused_sign_in \
         WHERE person_key = $1 ORDER BY case_code",
    )
    .bind(&person.0[..])
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(a_refused_sign_in)
    .collect()
}

fn a_refused_sign_in(row: &PgRow) -> Result<RefusedSignInRow, BackendError> {
    let mut columns = Columns::of(row);
    Ok(RefusedSignInRow {
        case: columns.parse("case code")?,
        person: KeyHash(columns.hash()?),
        at: columns.instant()?,
        refusal: RefusalCode::from(columns.take::<&str>()?),
        expires_at: columns.instant()?,
        said: columns.sealed()?.ok_or(BackendError::Corrupt("refused sign-in"))?,
    })
}

pub(super) async fn cases_until(
    connection: &mut PgConnection,
    end: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<CaseCode>, BackendError> {
    sqlx::query(
        "SELECT case_code FROM refused_sign_in WHERE expires_at <= $1 \
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

pub(super) async fn invitation(
    connection: &mut PgConnection,
    token: &TokenHash,
) -> Result<Option<InvitationRow>, BackendError> {
    let row = sqlx::query(
        "SELECT token_hash, school_id, duty, created_at, expires_at, used_at, used_by \
         FROM invitation WHERE token_hash = $1",
    )
    .bind(&token.0[..])
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.map(|row| {
        let mut columns = Columns::of(&row);
        Ok(InvitationRow {
            token: TokenHash(columns.hash()?),
            school: SchoolId(columns.take()?),
            duty: Duty::from(columns.take::<&str>()?),
            created_at: columns.instant()?,
            expires_at: columns.instant()?,
            used_at: columns.maybe_instant()?,
            used_by: columns.take::<Option<_>>()?.map(AccountId),
        })
    })
    .transpose()
}

pub(super) async fn invitations_until(
    connection: &mut PgConnection,
    end: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<TokenHash>, BackendError> {
    sqlx::query(
        "SELECT token_hash FROM invitation WHERE expires_at <= $1 \
         ORDER BY expires_at, token_hash LIMIT $2",
    )
    .bind(end)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| Columns::of(row).hash().map(TokenHash))
    .collect()
}
