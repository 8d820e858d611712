//! Joining accounts into persons: what is read for it, what is kept of it.

use std::collections::BTreeMap;

use eschool_core::{
    id::{AccountId, MergeId, PersonId, SchoolId},
    merge::AccountMove,
    people::KeptApart,
};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::{
    bulk::{id, write_all},
    people::{a_name, birth_date},
    value::{Columns, failed},
};
use crate::{
    backend::{BackendError, Changes, MergeRow, MergeableAccount},
    secret::KeyHash,
};

pub(super) async fn mergeable_accounts(
    connection: &mut SqliteConnection,
) -> Result<Vec<MergeableAccount>, BackendError> {
    sqlx::query(
        "SELECT a.account_id, a.school_id, a.person_id, a.family, a.given, a.patronymic, \
                a.birth_date, \
                (SELECT min(c.key_hash) FROM claim c WHERE c.school_id = a.school_id \
                   AND c.account_id = a.account_id AND c.kind = 'snils') \
         FROM account a ORDER BY a.school_id, a.account_id",
    )
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok(MergeableAccount {
            account: AccountId(columns.take()?),
            school: SchoolId(columns.take()?),
            person: PersonId(columns.take()?),
            name: a_name(&mut columns)?,
            birth_date: birth_date(&mut columns)?,
            snils: columns.maybe_hash()?.map(KeyHash),
        })
    })
    .collect()
}

pub(super) async fn merge(
    connection: &mut SqliteConnection,
    id: MergeId,
) -> Result<Option<MergeRow>, BackendError> {
    let rows = sqlx::query(
        "SELECT g.merge_id, g.at, g.actor_id, g.undone_at, m.school_id, m.account_id, \
                m.from_person, m.into_person \
         FROM merge g LEFT JOIN merge_move m ON m.merge_id = g.merge_id \
         WHERE g.merge_id = ?1 ORDER BY m.school_id, m.account_id",
    )
    .bind(id.0)
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    Ok(with_moves(&rows)?.pop())
}

pub(super) async fn merges(
    connection: &mut SqliteConnection,
    limit: u32,
) -> Result<Vec<MergeRow>, BackendError> {
    let rows = sqlx::query(
        "SELECT g.merge_id, g.at, g.actor_id, g.undone_at, m.school_id, m.account_id, \
                m.from_person, m.into_person \
         FROM (SELECT * FROM merge ORDER BY merge_id DESC LIMIT ?1) g \
         LEFT JOIN merge_move m ON m.merge_id = g.merge_id \
         ORDER BY g.merge_id, m.school_id, m.account_id",
    )
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    let mut merges = with_moves(&rows)?;
    merges.reverse();
    Ok(merges)
}

/// One row per move becomes one merge with its moves, by identifier.
fn with_moves(rows: &[SqliteRow]) -> Result<Vec<MergeRow>, BackendError> {
    let mut merges = BTreeMap::new();
    for row in rows {
        let mut columns = Columns::of(row);
        let id = MergeId(columns.take()?);
        let (at, actor) = (columns.instant()?, columns.take::<Option<_>>()?.map(AccountId));
        let undone_at = columns.maybe_instant()?;
        let moves = Vec::new();
        let known =
            merges.entry(id).or_insert_with(|| MergeRow { id, at, actor, undone_at, moves });
        if let Some(school) = columns.take::<Option<_>>()?.map(SchoolId) {
            known.moves.push(AccountMove {
                school,
                account: AccountId(columns.take()?),
                from: PersonId(columns.take()?),
                into: PersonId(columns.take()?),
            });
        }
    }
    Ok(merges.into_values().collect())
}

pub(super) async fn kept_apart(
    connection: &mut SqliteConnection,
    of: Option<&[AccountId]>,
) -> Result<Vec<KeptApart>, BackendError> {
    let query = match of {
        None => sqlx::query("SELECT one_id, other_id FROM kept_apart ORDER BY one_id, other_id"),
        Some(accounts) => {
            let accounts: Vec<_> = accounts.iter().map(|account| id(account.0)).collect();
            let accounts = serde_json::to_string(&accounts);
            sqlx::query(
                "SELECT one_id, other_id FROM kept_apart \
                 WHERE one_id IN (SELECT unhex(value) FROM json_each(?1)) \
                 UNION SELECT one_id, other_id FROM kept_apart \
                 WHERE other_id IN (SELECT unhex(value) FROM json_each(?1)) \
                 ORDER BY one_id, other_id",
            )
            .bind(accounts.map_err(|_| BackendError::Corrupt("account"))?)
        }
    };
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    let pairs = rows.iter().map(|row| {
        let mut columns = Columns::of(row);
        Ok(KeptApart { one: AccountId(columns.take()?), other: AccountId(columns.take()?) })
    });
    pairs.collect()
}

/// Moves accounts with their claims, writes down what was done, and who is two people.
pub(super) async fn apply(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    let moves = || {
        let moves = changes.moves.iter();
        moves.map(|step| (id(step.school.0), id(step.account.0), id(step.into.0)))
    };
    write_all(
        c,
        "UPDATE account SET person_id = unhex(step.value->>2) FROM json_each(?1) step \
         WHERE school_id = unhex(step.value->>0) AND account_id = unhex(step.value->>1)",
        moves(),
    )
    .await?;
    write_all(
        c,
        "UPDATE claim SET person_id = unhex(step.value->>2) FROM json_each(?1) step \
         WHERE school_id = unhex(step.value->>0) AND account_id = unhex(step.value->>1)",
        moves(),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM membership WHERE (school_id, account_id) \
           IN (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        moves(),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO membership (person_id, school_id, account_id) \
         SELECT person_id, school_id, account_id FROM account WHERE (school_id, account_id) \
           IN (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        moves(),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO merge (merge_id, at, actor_id, undone_at) \
         SELECT unhex(value->>0), value->>1, unhex(value->>2), value->>3 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (merge_id) DO UPDATE SET at = excluded.at, actor_id = excluded.actor_id, \
           undone_at = excluded.undone_at",
        changes.merges.iter().map(|row| {
            let undone_at = row.undone_at.map(|at| at.timestamp_micros());
            let actor = row.actor.map(|actor| id(actor.0));
            (id(row.id.0), row.at.timestamp_micros(), actor, undone_at)
        }),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM merge_move WHERE merge_id IN (SELECT unhex(value) FROM json_each(?1))",
        changes.merges.iter().map(|row| id(row.id.0)),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO merge_move (merge_id, school_id, account_id, from_person, into_person) \
         SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), unhex(value->>3), \
           unhex(value->>4) FROM json_each(?1)",
        changes.merges.iter().flat_map(|row| {
            let of = id(row.id.0);
            row.moves.iter().map(move |step| {
                let (from, into) = (id(step.from.0), id(step.into.0));
                (of.clone(), id(step.school.0), id(step.account.0), from, into)
            })
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO kept_apart (one_id, other_id) \
         SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1) WHERE true \
         ON CONFLICT (one_id, other_id) DO NOTHING",
        changes.kept_apart.iter().map(in_order),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM kept_apart WHERE (one_id, other_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        changes.reunited.iter().map(in_order),
    )
    .await
}

fn in_order(apart: &KeptApart) -> (String, String) {
    let KeptApart { one, other } = *apart;
    (id(one.min(other).0), id(one.max(other).0))
}
