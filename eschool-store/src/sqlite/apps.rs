//! The access of apps.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, AppGrantId, PersonId},
    policy::SignInMethod,
};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::{
    bulk::{hex, id, write_all},
    value::{Columns, failed},
};
use crate::{
    backend::{AppGrantRow, BackendError, Changes, RefreshHashes},
    secret::TokenHash,
};

pub(super) async fn app_grant(
    connection: &mut SqliteConnection,
    person: PersonId,
    grant: AppGrantId,
) -> Result<Option<AppGrantRow>, BackendError> {
    let row = sqlx::query(
        "SELECT person_id, grant_id, client, device, accounts, method, choose, chosen_account, \
           code_hash, approved_in, redirect_uri, challenge_hash, family_hash, turn_hash, created_at, \
           used_at, granted_until, expires_at \
         FROM app_grant WHERE person_id = ?1 AND grant_id = ?2",
    )
    .bind(person.0)
    .bind(grant.0)
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.as_ref().map(a_grant).transpose()
}

pub(super) async fn app_grants_of(
    connection: &mut SqliteConnection,
    person: PersonId,
) -> Result<Vec<AppGrantRow>, BackendError> {
    sqlx::query(
        "SELECT person_id, grant_id, client, device, accounts, method, choose, chosen_account, \
           code_hash, approved_in, redirect_uri, challenge_hash, family_hash, turn_hash, created_at, \
           used_at, granted_until, expires_at \
         FROM app_grant WHERE person_id = ?1 ORDER BY grant_id",
    )
    .bind(person.0)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(a_grant)
    .collect()
}

pub(super) async fn app_grants_until(
    connection: &mut SqliteConnection,
    end: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<(PersonId, AppGrantId)>, BackendError> {
    sqlx::query(
        "SELECT person_id, grant_id FROM app_grant WHERE expires_at <= ?1 \
         ORDER BY expires_at, grant_id LIMIT ?2",
    )
    .bind(end.timestamp_micros())
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok((PersonId(columns.take()?), AppGrantId(columns.take()?)))
    })
    .collect()
}

fn a_grant(row: &SqliteRow) -> Result<AppGrantRow, BackendError> {
    let mut columns = Columns::of(row);
    Ok(AppGrantRow {
        person: PersonId(columns.take()?),
        id: AppGrantId(columns.take()?),
        client: columns.take()?,
        device: columns.maybe_parse("name of a device")?,
        accounts: columns.json("access of an app")?,
        method: SignInMethod::from(columns.take::<&str>()?),
        choose: columns.take()?,
        chosen: columns.take::<Option<_>>()?.map(AccountId),
        code: TokenHash(columns.hash()?),
        approved_in: TokenHash(columns.hash()?),
        redirect_uri: columns.take()?,
        challenge: TokenHash(columns.hash()?),
        refresh: match (columns.maybe_hash()?, columns.maybe_hash()?) {
            (Some(family), Some(turn)) => {
                Some(RefreshHashes { family: TokenHash(family), turn: TokenHash(turn) })
            }
            _ => None,
        },
        created_at: columns.instant()?,
        used_at: columns.instant()?,
        granted_until: columns.maybe_instant()?,
        expires_at: columns.instant()?,
    })
}

/// What begins and what goes on; sessions come after it.
pub(super) async fn write(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    let mut rows = Vec::with_capacity(changes.app_grants.len());
    for row in &changes.app_grants {
        rows.push(serde_json::json!([
            id(row.person.0),
            id(row.id.0),
            row.client,
            row.device,
            super::apply::to_json(&row.accounts)?,
            row.method,
            row.choose,
            row.chosen.map(|account| id(account.0)),
            hex(&row.code.0),
            hex(&row.approved_in.0),
            row.redirect_uri,
            hex(&row.challenge.0),
            row.refresh.map(|refresh| hex(&refresh.family.0)),
            row.refresh.map(|refresh| hex(&refresh.turn.0)),
            row.created_at.timestamp_micros(),
            row.used_at.timestamp_micros(),
            row.granted_until.map(|at| at.timestamp_micros()),
            row.expires_at.timestamp_micros(),
        ]));
    }
    write_all(
        c,
        "INSERT INTO app_grant \
           (person_id, grant_id, client, device, accounts, method, choose, chosen_account, \
            code_hash, approved_in, redirect_uri, challenge_hash, family_hash, turn_hash, created_at, \
            used_at, granted_until, expires_at) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3, value->>4, value->>5, \
           value->>6, unhex(value->>7), unhex(value->>8), unhex(value->>9), value->>10, \
           unhex(value->>11), unhex(value->>12), unhex(value->>13), value->>14, value->>15, \
           value->>16, value->>17 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (person_id, grant_id) DO UPDATE SET client = excluded.client, \
           device = excluded.device, accounts = excluded.accounts, method = excluded.method, \
           choose = excluded.choose, chosen_account = excluded.chosen_account, \
           code_hash = excluded.code_hash, approved_in = excluded.approved_in, \
           redirect_uri = excluded.redirect_uri, challenge_hash = excluded.challenge_hash, \
           family_hash = excluded.family_hash, turn_hash = excluded.turn_hash, \
           created_at = excluded.created_at, used_at = excluded.used_at, \
           granted_until = excluded.granted_until, expires_at = excluded.expires_at",
        rows.into_iter(),
    )
    .await?;
    let mut rows = Vec::with_capacity(changes.renewed_grants.len());
    for row in &changes.renewed_grants {
        rows.push((
            id(row.person.0),
            id(row.id.0),
            super::apply::to_json(&row.accounts)?,
            row.refresh.map(|refresh| hex(&refresh.family.0)),
            row.refresh.map(|refresh| hex(&refresh.turn.0)),
            row.used_at.timestamp_micros(),
            row.granted_until.map(|at| at.timestamp_micros()),
            row.expires_at.timestamp_micros(),
        ));
    }
    write_all(
        c,
        "UPDATE app_grant SET accounts = n.value->>2, family_hash = unhex(n.value->>3), \
           turn_hash = unhex(n.value->>4), used_at = n.value->>5, granted_until = n.value->>6, \
           expires_at = n.value->>7 \
         FROM json_each(?1) AS n \
         WHERE person_id = unhex(n.value->>0) AND grant_id = unhex(n.value->>1)",
        rows.into_iter(),
    )
    .await
}

/// What ends, with the sessions of it.
pub(super) async fn end(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    let ended = || changes.ended_grants.iter().map(|(person, grant)| (id(person.0), id(grant.0)));
    write_all(
        c,
        "DELETE FROM app_grant WHERE (person_id, grant_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        ended(),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM session WHERE (person_id, token_hash) IN \
           (SELECT s.person_id, s.token_hash FROM json_each(?1) JOIN session s \
              ON s.person_id = unhex(value->>0) AND s.grant_id = unhex(value->>1))",
        ended(),
    )
    .await?;
    let people = changes.ended_people.iter();
    let people = people.chain(changes.ended_others.iter().map(|(person, _)| person));
    write_all(
        c,
        "DELETE FROM app_grant WHERE person_id IN (SELECT unhex(value->>0) FROM json_each(?1))",
        people.map(|person| (id(person.0),)),
    )
    .await
}
