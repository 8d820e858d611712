//! Joining accounts into persons: what is read for it, what is kept of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use eschool_core::{
    id::{AccountId, MergeId, PersonId, SchoolId},
    merge::AccountMove,
    people::KeptApart,
};
use futures_util::TryStreamExt as _;
use sqlx::{PgConnection, postgres::PgRow};
use uuid::Uuid;

use super::{
    begun::heard,
    bulk::{column, latest, write_all},
    membership::{move_memberships, present},
    people::{a_name, birth_date},
    value::{Columns, failed},
};
use crate::{
    backend::{BackendError, Changes, MergeRow, MergeableAccount},
    secret::KeyHash,
};

pub(super) async fn mergeable_accounts(
    connection: &mut PgConnection,
) -> Result<Vec<MergeableAccount>, BackendError> {
    // Keys lie by themselves and accounts by their school: what belongs together is joined here, and
    // no row is kept beside what is made of it.
    let mut keys = HashMap::new();
    let mut claims =
        sqlx::query("SELECT school_id, account_id, key_hash FROM claim WHERE kind = 'snils'")
            .fetch(&mut *connection);
    while let Some(row) = claims.try_next().await.map_err(failed)? {
        heard();
        let mut columns = Columns::of(&row);
        let holder = (SchoolId(columns.take()?), AccountId(columns.take()?));
        let key = KeyHash(columns.hash()?);
        keys.entry(holder)
            .and_modify(|least: &mut KeyHash| *least = key.min(*least))
            .or_insert(key);
    }
    drop(claims);
    let mut accounts = Vec::new();
    let mut rows = sqlx::query(
        "SELECT account_id, school_id, person_id, family, given, patronymic, birth_date \
         FROM account ORDER BY school_id, account_id",
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        heard();
        let mut columns = Columns::of(&row);
        let (account, school) = (AccountId(columns.take()?), SchoolId(columns.take()?));
        accounts.push(MergeableAccount {
            account,
            school,
            person: PersonId(columns.take()?),
            name: a_name(&mut columns)?,
            birth_date: birth_date(&mut columns)?,
            snils: keys.get(&(school, account)).copied(),
        });
    }
    Ok(accounts)
}

pub(super) async fn merge(
    connection: &mut PgConnection,
    id: MergeId,
) -> Result<Option<MergeRow>, BackendError> {
    let rows = sqlx::query(
        "SELECT g.merge_id, g.at, g.actor_id, g.undone_at, m.school_id, m.account_id, \
                m.from_person, m.into_person \
         FROM merge g LEFT JOIN merge_move m ON m.merge_id = g.merge_id \
         WHERE g.merge_id = $1 ORDER BY m.school_id, m.account_id",
    )
    .bind(id.0)
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    Ok(with_moves(&rows)?.pop())
}

/// The last ones are named first: a plan that is made for any number of them would else read every
/// move there is.
pub(super) async fn merges(
    connection: &mut PgConnection,
    limit: u32,
) -> Result<Vec<MergeRow>, BackendError> {
    let rows = sqlx::query(
        "SELECT g.merge_id, g.at, g.actor_id, g.undone_at, m.school_id, m.account_id, \
                m.from_person, m.into_person \
         FROM merge g LEFT JOIN merge_move m ON m.merge_id = g.merge_id \
         WHERE g.merge_id = ANY \
           (ARRAY(SELECT merge_id FROM merge ORDER BY merge_id DESC LIMIT $1)) \
         ORDER BY g.merge_id, m.school_id, m.account_id",
    )
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    let mut merges = with_moves(&rows)?;
    merges.reverse();
    Ok(merges)
}

/// One row per move becomes one merge with its moves, by identifier.
fn with_moves(rows: &[PgRow]) -> Result<Vec<MergeRow>, BackendError> {
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
    connection: &mut PgConnection,
    of: Option<&[AccountId]>,
) -> Result<Vec<KeptApart>, BackendError> {
    let query = match of {
        None => sqlx::query("SELECT one_id, other_id FROM kept_apart ORDER BY one_id, other_id"),
        Some(accounts) => sqlx::query(
            "SELECT one_id, other_id FROM kept_apart WHERE one_id = ANY ($1) \
             UNION SELECT one_id, other_id FROM kept_apart WHERE other_id = ANY ($1) \
             ORDER BY one_id, other_id",
        )
        .bind(column(accounts, |account| account.0)),
    };
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    let pairs = rows.iter().map(|row| {
        let mut columns = Columns::of(row);
        Ok(KeptApart { one: AccountId(columns.take()?), other: AccountId(columns.take()?) })
    });
    pairs.collect()
}

/// Moves accounts with their claims, writes down what was done, and who is two people.
pub(super) async fn apply(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    moves(c, changes).await?;
    rows(c, changes).await?;
    write_all(
        c,
        "INSERT INTO kept_apart (one_id, other_id) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT DO NOTHING",
        &changes.kept_apart,
        |statement, rows| {
            let (one, other) = rows.iter().map(in_order).unzip::<_, _, Vec<_>, Vec<_>>();
            statement.bind(one).bind(other)
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM kept_apart k USING unnest($1::uuid[], $2::uuid[]) AS n (one_id, other_id) \
         WHERE k.one_id = n.one_id AND k.other_id = n.other_id",
        &changes.reunited,
        |statement, rows| {
            let (one, other) = rows.iter().map(in_order).unzip::<_, _, Vec<_>, Vec<_>>();
            statement.bind(one).bind(other)
        },
    )
    .await
}

/// Each account, and what is found by it, becomes another person's.
async fn moves(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let mut moves = latest(&changes.moves, |step| (step.school, step.account));
    if moves.is_empty() {
        return Ok(());
    }
    let listed = |step: &AccountMove| (step.into, step.school, step.account);
    let there = present(c, &column(&moves, |step| listed(step))).await?;
    let there: HashSet<_> = there.into_iter().map(|(_, school, id)| (school, id)).collect();
    moves.retain(|step| there.contains(&(step.school, step.account)));
    move_memberships(c, &column(&moves, |step| listed(step))).await?;
    for statement in [
        "UPDATE account a SET person_id = n.person_id \
         FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS n (school_id, account_id, person_id) \
         WHERE a.school_id = n.school_id AND a.account_id = n.account_id",
        "UPDATE claim c SET person_id = n.person_id \
         FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS n (school_id, account_id, person_id) \
         WHERE c.school_id = n.school_id AND c.account_id = n.account_id",
    ] {
        write_all(c, statement, &moves, |statement, rows| {
            statement
                .bind(column(rows, |step| step.school.0))
                .bind(column(rows, |step| step.account.0))
                .bind(column(rows, |step| step.into.0))
        })
        .await?;
    }
    Ok(())
}

/// What was joined or parted at once; its moves are replaced whole.
async fn rows(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let merges = latest(&changes.merges, |row| row.id);
    write_all(
        c,
        "INSERT INTO merge (merge_id, at, actor_id, undone_at) \
         SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::timestamptz[]) \
         ON CONFLICT (merge_id) DO UPDATE SET at = excluded.at, actor_id = excluded.actor_id, \
           undone_at = excluded.undone_at",
        &merges,
        |statement, rows| {
            statement
                .bind(column(rows, |row| row.id.0))
                .bind(column(rows, |row| row.at))
                .bind(column(rows, |row| row.actor.map(|actor| actor.0)))
                .bind(column(rows, |row| row.undone_at))
        },
    )
    .await?;
    write_all(c, "DELETE FROM merge_move WHERE merge_id = ANY ($1)", &merges, |statement, rows| {
        statement.bind(column(rows, |row| row.id.0))
    })
    .await?;
    let moves: Vec<_> =
        merges.iter().flat_map(|row| row.moves.iter().map(|step| (row.id, step))).collect();
    write_all(
        c,
        "INSERT INTO merge_move (merge_id, school_id, account_id, from_person, into_person) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[])",
        &moves,
        |statement, rows| {
            statement
                .bind(column(rows, |(id, _)| id.0))
                .bind(column(rows, |(_, step)| step.school.0))
                .bind(column(rows, |(_, step)| step.account.0))
                .bind(column(rows, |(_, step)| step.from.0))
                .bind(column(rows, |(_, step)| step.into.0))
        },
    )
    .await
}

fn in_order(apart: &KeptApart) -> (Uuid, Uuid) {
    let KeptApart { one, other } = *apart;
    (one.min(other).0, one.max(other).0)
}
