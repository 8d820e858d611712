//! The access of apps.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, AppGrantId, PersonId},
    policy::SignInMethod,
};
use sqlx::{PgConnection, postgres::PgRow};

use super::{
    bulk::{column, latest, write_all},
    value::{Columns, failed, to_json},
};
use crate::{
    backend::{AppGrantRow, BackendError, Changes, RefreshHashes},
    secret::TokenHash,
};

pub(super) async fn app_grant(
    connection: &mut PgConnection,
    person: PersonId,
    grant: AppGrantId,
) -> Result<Option<AppGrantRow>, BackendError> {
    let row = sqlx::query(
        "SELECT person_id, grant_id, client, device, accounts, method, choose, chosen_account, \
           code_hash, approved_in, redirect_uri, challenge_hash, family_hash, turn_hash, created_at, \
           used_at, granted_until, expires_at \
         FROM app_grant WHERE person_id = $1 AND grant_id = $2",
    )
    .bind(person.0)
    .bind(grant.0)
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.as_ref().map(a_grant).transpose()
}

pub(super) async fn app_grants_of(
    connection: &mut PgConnection,
    person: PersonId,
) -> Result<Vec<AppGrantRow>, BackendError> {
    sqlx::query(
        "SELECT person_id, grant_id, client, device, accounts, method, choose, chosen_account, \
           code_hash, approved_in, redirect_uri, challenge_hash, family_hash, turn_hash, created_at, \
           used_at, granted_until, expires_at \
         FROM app_grant WHERE person_id = $1 ORDER BY grant_id",
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
    connection: &mut PgConnection,
    end: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<(PersonId, AppGrantId)>, BackendError> {
    sqlx::query(
        "SELECT person_id, grant_id FROM app_grant WHERE expires_at <= $1 \
         ORDER BY expires_at, grant_id LIMIT $2",
    )
    .bind(end)
    .bind(i64::from(limit))
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

fn a_grant(row: &PgRow) -> Result<AppGrantRow, BackendError> {
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
pub(super) async fn write(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let rows = with_accounts(&changes.app_grants)?;
    write_all(
        c,
        "INSERT INTO app_grant \
           (person_id, grant_id, client, device, accounts, method, choose, chosen_account, \
            code_hash, approved_in, redirect_uri, challenge_hash, family_hash, turn_hash, created_at, \
            used_at, granted_until, expires_at) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], \
           $6::text[], $7::boolean[], $8::uuid[], $9::bytea[], $10::bytea[], $11::text[], \
           $12::bytea[], $13::bytea[], $14::bytea[], $15::timestamptz[], $16::timestamptz[], \
           $17::timestamptz[], $18::timestamptz[]) \
         ON CONFLICT (person_id, grant_id) DO UPDATE SET client = excluded.client, \
           device = excluded.device, accounts = excluded.accounts, method = excluded.method, \
           choose = excluded.choose, chosen_account = excluded.chosen_account, \
           code_hash = excluded.code_hash, approved_in = excluded.approved_in, \
           redirect_uri = excluded.redirect_uri, challenge_hash = excluded.challenge_hash, \
           family_hash = excluded.family_hash, turn_hash = excluded.turn_hash, \
           created_at = excluded.created_at, used_at = excluded.used_at, \
           granted_until = excluded.granted_until, expires_at = excluded.expires_at",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |(row, _)| row.person.0))
                .bind(column(rows, |(row, _)| row.id.0))
                .bind(column(rows, |(row, _)| row.client.as_str()))
                .bind(column(rows, |(row, _)| row.device.as_ref().map(|name| name.as_str())))
                .bind(column(rows, |(_, accounts)| accounts.as_str()))
                .bind(column(rows, |(row, _)| row.method.as_str()))
                .bind(column(rows, |(row, _)| row.choose))
                .bind(column(rows, |(row, _)| row.chosen.map(|account| account.0)))
                .bind(column(rows, |(row, _)| row.code.0))
                .bind(column(rows, |(row, _)| row.approved_in.0))
                .bind(column(rows, |(row, _)| row.redirect_uri.as_str()))
                .bind(column(rows, |(row, _)| row.challenge.0))
                .bind(column(rows, |(row, _)| row.refresh.map(|refresh| refresh.family.0)))
                .bind(column(rows, |(row, _)| row.refresh.map(|refresh| refresh.turn.0)))
                .bind(column(rows, |(row, _)| row.created_at))
                .bind(column(rows, |(row, _)| row.used_at))
                .bind(column(rows, |(row, _)| row.granted_until))
                .bind(column(rows, |(row, _)| row.expires_at))
        },
    )
    .await?;
    let rows = with_accounts(&changes.renewed_grants)?;
    write_all(
        c,
        "UPDATE app_grant g SET accounts = n.accounts, family_hash = n.family_hash, \
           turn_hash = n.turn_hash, used_at = n.used_at, granted_until = n.granted_until, \
           expires_at = n.expires_at \
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], \
           $6::timestamptz[], $7::timestamptz[], $8::timestamptz[]) AS n \
           (person_id, grant_id, accounts, family_hash, turn_hash, used_at, granted_until, \
            expires_at) \
         WHERE g.person_id = n.person_id AND g.grant_id = n.grant_id",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |(row, _)| row.person.0))
                .bind(column(rows, |(row, _)| row.id.0))
                .bind(column(rows, |(_, accounts)| accounts.as_str()))
                .bind(column(rows, |(row, _)| row.refresh.map(|refresh| refresh.family.0)))
                .bind(column(rows, |(row, _)| row.refresh.map(|refresh| refresh.turn.0)))
                .bind(column(rows, |(row, _)| row.used_at))
                .bind(column(rows, |(row, _)| row.granted_until))
                .bind(column(rows, |(row, _)| row.expires_at))
        },
    )
    .await
}

fn with_accounts(rows: &[AppGrantRow]) -> Result<Vec<(&AppGrantRow, String)>, BackendError> {
    let rows = latest(rows, |row| (row.person, row.id)).into_iter();
    rows.map(|row| Ok((row, to_json(&row.accounts)?))).collect()
}

/// What ends, with the sessions of it. The access goes first: who is just making a session of it holds
/// its row, so that the session is there to be ended when the row is had.
pub(super) async fn end(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "DELETE FROM app_grant g USING unnest($1::uuid[], $2::uuid[]) AS n (person_id, grant_id) \
         WHERE g.person_id = n.person_id AND g.grant_id = n.grant_id",
        &changes.ended_grants,
        |statement, rows| {
            statement
                .bind(column(rows, |(person, _)| person.0))
                .bind(column(rows, |(_, grant)| grant.0))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM session s USING unnest($1::uuid[], $2::uuid[]) AS n (person_id, grant_id) \
         WHERE s.person_id = n.person_id AND s.grant_id = n.grant_id",
        &changes.ended_grants,
        |statement, rows| {
            statement
                .bind(column(rows, |(person, _)| person.0))
                .bind(column(rows, |(_, grant)| grant.0))
        },
    )
    .await?;
    let people = changes.ended_people.iter().copied();
    let people: Vec<_> = people.chain(changes.ended_others.iter().map(|(p, _)| *p)).collect();
    write_all(c, "DELETE FROM app_grant WHERE person_id = ANY ($1)", &people, |statement, rows| {
        statement.bind(column(rows, |person| person.0))
    })
    .await
}
