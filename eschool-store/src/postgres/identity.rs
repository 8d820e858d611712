//! Keys, cards, counters, devices, sessions.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, AppGrantId, PersonId, SchoolId},
    policy::{Counter, SignInMethod},
};
use sqlx::{PgConnection, postgres::PgRow};
use uuid::Uuid;

use super::value::{Columns, failed};
use crate::{
    backend::{BackendError, Claim, Credential, Device, SessionRow, SharedPhone},
    secret::{ClaimKind, KeyHash, TokenHash},
};

pub(super) async fn claims(
    connection: &mut PgConnection,
    keys: &[KeyHash],
) -> Result<Vec<Claim>, BackendError> {
    let keys: Vec<[u8; 32]> = keys.iter().map(|key| key.0).collect();
    sqlx::query(
        "SELECT key_hash, kind, school_id, account_id, person_id, value_sealed FROM claim \
         WHERE key_hash = ANY ($1) \
         ORDER BY key_hash, kind, school_id, account_id",
    )
    .bind(keys)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(claim)
    .collect()
}

pub(super) async fn shared_phones(
    connection: &mut PgConnection,
    keys: &[KeyHash],
) -> Result<Vec<SharedPhone>, BackendError> {
    let keys: Vec<[u8; 32]> = keys.iter().map(|key| key.0).collect();
    sqlx::query(
        "SELECT key_hash, phone_sealed FROM shared_phone WHERE key_hash = ANY ($1) \
         ORDER BY key_hash",
    )
    .bind(keys)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(shared_phone)
    .collect()
}

pub(super) async fn shared_phones_after(
    connection: &mut PgConnection,
    key: Option<&KeyHash>,
    limit: u32,
) -> Result<Vec<SharedPhone>, BackendError> {
    sqlx::query(
        "SELECT key_hash, phone_sealed FROM shared_phone WHERE key_hash > $1 \
         ORDER BY key_hash LIMIT $2",
    )
    .bind(key.map_or(&[][..], |key| &key.0[..]))
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(shared_phone)
    .collect()
}

fn shared_phone(row: &PgRow) -> Result<SharedPhone, BackendError> {
    let mut columns = Columns::of(row);
    let key = KeyHash(columns.hash()?);
    let phone = columns.sealed()?.ok_or(BackendError::Corrupt("shared phone"))?;
    Ok(SharedPhone { key, phone })
}

pub(super) fn claim(row: &PgRow) -> Result<Claim, BackendError> {
    let mut columns = Columns::of(row);
    Ok(Claim {
        key: KeyHash(columns.hash()?),
        kind: ClaimKind::from_code(columns.take()?).ok_or(BackendError::Corrupt("claim"))?,
        school: SchoolId(columns.take()?),
        account: AccountId(columns.take()?),
        person: PersonId(columns.take()?),
        sealed: columns.sealed()?,
    })
}

pub(super) async fn memberships(
    connection: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<(PersonId, SchoolId, AccountId)>, BackendError> {
    let people: Vec<Uuid> = people.iter().map(|person| person.0).collect();
    sqlx::query(
        "SELECT person_id, school_id, account_id FROM membership \
         WHERE person_id = ANY ($1) \
         ORDER BY person_id, school_id, account_id",
    )
    .bind(people)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok((PersonId(columns.take()?), SchoolId(columns.take()?), AccountId(columns.take()?)))
    })
    .collect()
}

pub(super) fn a_credential(row: &PgRow) -> Result<Credential, BackendError> {
    let mut columns = Columns::of(row);
    Ok(Credential {
        login_hash: KeyHash(columns.hash()?),
        login: columns.parse("login")?,
        school: SchoolId(columns.take()?),
        account: AccountId(columns.take()?),
        phc: columns.take()?,
        issued_at: columns.instant()?,
    })
}

/// Whose card the login is, then the card, among those of its school.
pub(super) async fn credential(
    connection: &mut PgConnection,
    login: &KeyHash,
) -> Result<Option<Credential>, BackendError> {
    let holder = sqlx::query("SELECT school_id, account_id FROM login WHERE login_hash = $1")
        .bind(&login.0[..])
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
    let Some(holder) = holder else { return Ok(None) };
    let mut holder = Columns::of(&holder);
    let row = sqlx::query(
        "SELECT login_hash, login, school_id, account_id, phc, issued_at FROM credential \
         WHERE school_id = $1 AND account_id = $2",
    )
    .bind(holder.take::<Uuid>()?)
    .bind(holder.take::<Uuid>()?)
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.as_ref().map(a_credential).transpose()
}

pub(super) async fn school_credentials(
    connection: &mut PgConnection,
    school: SchoolId,
) -> Result<Vec<Credential>, BackendError> {
    sqlx::query(
        "SELECT login_hash, login, school_id, account_id, phc, issued_at FROM credential \
         WHERE school_id = $1 ORDER BY login",
    )
    .bind(school.0)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(a_credential)
    .collect()
}

pub(super) async fn counter(
    connection: &mut PgConnection,
    key: &KeyHash,
) -> Result<Counter, BackendError> {
    let row = sqlx::query("SELECT failures, last_at, until_at FROM counter WHERE key_hash = $1")
        .bind(&key.0[..])
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    let Some(row) = row else { return Ok(Counter::default()) };
    let mut columns = Columns::of(&row);
    Ok(Counter {
        failures: columns.long("counter")?,
        last: columns.maybe_instant()?,
        until: columns.maybe_instant()?,
    })
}

pub(super) async fn devices(
    connection: &mut PgConnection,
    token: &TokenHash,
) -> Result<Vec<Device>, BackendError> {
    sqlx::query(
        "SELECT token_hash, login_hash, seen_at FROM device WHERE token_hash = $1 \
         ORDER BY login_hash",
    )
    .bind(&token.0[..])
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok(Device {
            token: TokenHash(columns.hash()?),
            login_hash: KeyHash(columns.hash()?),
            seen_at: columns.instant()?,
        })
    })
    .collect()
}

pub(super) async fn session(
    connection: &mut PgConnection,
    person: PersonId,
    token: &TokenHash,
) -> Result<Option<SessionRow>, BackendError> {
    let row = sqlx::query(
        "SELECT token_hash, person_id, accounts, method, choose, chosen_account, password_ends, \
           created_at, expires_at, grant_id, granted_until \
         FROM session WHERE person_id = $1 AND token_hash = $2",
    )
    .bind(person.0)
    .bind(&token.0[..])
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.as_ref().map(a_session).transpose()
}

pub(super) fn a_session(row: &PgRow) -> Result<SessionRow, BackendError> {
    let mut columns = Columns::of(row);
    Ok(SessionRow {
        token: TokenHash(columns.hash()?),
        person: PersonId(columns.take()?),
        accounts: columns.json("session")?,
        method: SignInMethod::from(columns.take::<&str>()?),
        choose: columns.take()?,
        chosen: columns.take::<Option<_>>()?.map(AccountId),
        password_ends: columns.take()?,
        created_at: columns.instant()?,
        expires_at: columns.instant()?,
        app: columns.take::<Option<_>>()?.map(AppGrantId),
        granted_until: columns.maybe_instant()?,
    })
}

pub(super) async fn sessions_until(
    connection: &mut PgConnection,
    end: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<(PersonId, TokenHash)>, BackendError> {
    sqlx::query(
        "SELECT person_id, token_hash FROM session WHERE expires_at <= $1 \
         ORDER BY expires_at, token_hash LIMIT $2",
    )
    .bind(end)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok((PersonId(columns.take()?), TokenHash(columns.hash()?)))
    })
    .collect()
}
