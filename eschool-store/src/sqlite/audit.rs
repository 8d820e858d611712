//! The audit, and the chains by which it is proved whole.

use eschool_core::id::{AccountId, LessonId, SchoolId};
use sqlx::{SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    bulk::{hex, id, write_all},
    value::{Columns, failed},
};
use crate::{
    backend::{AuditChain, AuditEntry, AuditKey, AuditSeal, BackendError, Changes},
    secret::KeyHash,
};

/// The chain of an entry, as the indexes of the table have it.
macro_rules! chain {
    () => {
        "ifnull(school_id, x'00000000000000000000000000000000')"
    };
}

/// The columns of an entry.
macro_rules! entry {
    () => {
        "at, action, outcome, school_id, actor_id, subject_id, case_code, lesson_id"
    };
}

pub(super) fn entry(columns: &mut Columns<'_>) -> Result<AuditEntry, BackendError> {
    Ok(AuditEntry {
        at: columns.instant()?,
        action: columns.take()?,
        outcome: columns.take()?,
        school: columns.take::<Option<_>>()?.map(SchoolId),
        actor: columns.take::<Option<_>>()?.map(AccountId),
        subject: columns.take::<Option<_>>()?.map(AccountId),
        case: columns.maybe_parse("case code")?,
        lesson: columns.take::<Option<_>>()?.map(LessonId),
    })
}

pub(super) async fn audit(
    connection: &mut SqliteConnection,
    limit: u32,
) -> Result<Vec<AuditEntry>, BackendError> {
    sqlx::query(concat!("SELECT ", entry!(), " FROM audit ORDER BY entry DESC LIMIT ?1"))
        .bind(limit)
        .fetch_all(connection)
        .await
        .map_err(failed)?
        .iter()
        .map(|row| entry(&mut Columns::of(row)))
        .collect()
}

pub(super) async fn chain_after(
    connection: &mut SqliteConnection,
    after: Option<AuditChain>,
    is_unsealed: bool,
) -> Result<Option<AuditChain>, BackendError> {
    let statement = if is_unsealed {
        concat!(
            "SELECT ",
            chain!(),
            " FROM audit WHERE seal IS NULL AND ",
            chain!(),
            " > ?1 \
             ORDER BY 1 LIMIT 1"
        )
    } else {
        concat!(
            "SELECT min(chain) FROM \
             (SELECT * FROM (SELECT ",
            chain!(),
            " AS chain FROM audit \
                WHERE seal IS NULL AND ",
            chain!(),
            " > ?1 ORDER BY 1 LIMIT 1) \
              UNION ALL SELECT * FROM (SELECT ",
            chain!(),
            " FROM audit \
                WHERE seal IS NOT NULL AND ",
            chain!(),
            " > ?1 ORDER BY 1 LIMIT 1) \
              UNION ALL SELECT * FROM (SELECT school_id FROM audit_seal \
                WHERE school_id > ?1 ORDER BY 1 LIMIT 1))"
        )
    };
    // Nothing is smaller than no bytes at all.
    let after = after.map(|chain| chain.key().as_bytes().to_vec()).unwrap_or_default();
    let found: Option<Option<Uuid>> = sqlx::query_scalar(statement)
        .bind(after)
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    Ok(found.flatten().map(AuditChain::of_key))
}

pub(super) async fn unsealed(
    connection: &mut SqliteConnection,
    chain: AuditChain,
    limit: u32,
) -> Result<Vec<(AuditKey, AuditEntry)>, BackendError> {
    sqlx::query(concat!(
        "SELECT entry, ",
        entry!(),
        " FROM audit \
         WHERE seal IS NULL AND ",
        chain!(),
        " = ?1 ORDER BY entry LIMIT ?2"
    ))
    .bind(chain.key())
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        let key = AuditKey(columns.number("entry of the audit")?);
        Ok((key, entry(&mut columns)?))
    })
    .collect()
}

pub(super) async fn unsealed_count(
    connection: &mut SqliteConnection,
    chain: AuditChain,
) -> Result<u64, BackendError> {
    let count: i64 = sqlx::query_scalar(concat!(
        "SELECT count(*) FROM audit WHERE seal IS NULL AND ",
        chain!(),
        " = ?1"
    ))
    .bind(chain.key())
    .fetch_one(connection)
    .await
    .map_err(failed)?;
    u64::try_from(count).map_err(|_| BackendError::Corrupt("count"))
}

pub(super) async fn last_seal(
    connection: &mut SqliteConnection,
    chain: AuditChain,
) -> Result<Option<AuditSeal>, BackendError> {
    sqlx::query(
        "SELECT number, last, at, former, tags, mac FROM audit_seal \
         WHERE school_id = ?1 ORDER BY number DESC LIMIT 1",
    )
    .bind(chain.key())
    .fetch_optional(connection)
    .await
    .map_err(failed)?
    .map(|row| seal(chain, &row))
    .transpose()
}

pub(super) async fn seals(
    connection: &mut SqliteConnection,
    chain: AuditChain,
    after: u64,
    limit: u32,
) -> Result<Vec<AuditSeal>, BackendError> {
    sqlx::query(
        "SELECT number, last, at, former, tags, mac FROM audit_seal \
         WHERE school_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
    )
    .bind(chain.key())
    .bind(number(after)?)
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| seal(chain, row))
    .collect()
}

fn seal(chain: AuditChain, row: &SqliteRow) -> Result<AuditSeal, BackendError> {
    let mut columns = Columns::of(row);
    Ok(AuditSeal {
        chain,
        number: columns.number("number of a seal")?,
        last: columns.number("place in the audit")?,
        at: columns.instant()?,
        former: KeyHash(columns.hash()?),
        tags: columns.take()?,
        mac: KeyHash(columns.hash()?),
    })
}

pub(super) async fn sealed(
    connection: &mut SqliteConnection,
    chain: AuditChain,
    seal: u64,
) -> Result<Vec<(u64, AuditEntry)>, BackendError> {
    sqlx::query(concat!(
        "SELECT ifnull(place, 0), ",
        entry!(),
        " FROM audit \
         WHERE ",
        chain!(),
        " = ?1 AND seal = ?2 ORDER BY place"
    ))
    .bind(chain.key())
    .bind(number(seal)?)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok((columns.number("place in the audit")?, entry(&mut columns)?))
    })
    .collect()
}

pub(super) async fn stray_seals(
    connection: &mut SqliteConnection,
    chain: AuditChain,
    limit: u32,
) -> Result<Vec<u64>, BackendError> {
    sqlx::query(concat!(
        "SELECT DISTINCT seal FROM audit a WHERE ",
        chain!(),
        " = ?1 AND seal IS NOT NULL \
           AND NOT EXISTS \
             (SELECT 1 FROM audit_seal s WHERE s.school_id = ?1 AND s.number = a.seal) \
         ORDER BY seal LIMIT ?2"
    ))
    .bind(chain.key())
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| Columns::of(row).number("number of a seal"))
    .collect()
}

/// Seals, and the places of what they are over.
pub(super) async fn apply(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO audit_seal (school_id, number, last, at, former, tags, mac) \
         SELECT unhex(value->>0), value->>1, value->>2, value->>3, unhex(value->>4), \
           unhex(value->>5), unhex(value->>6) FROM json_each(?1)",
        changes.audit_seals.iter().map(|(seal, _)| {
            let (chain, at) = (id(seal.chain.key()), seal.at.timestamp_micros());
            let (former, mac) = (hex(&seal.former.0), hex(&seal.mac.0));
            (chain, seal.number, seal.last, at, former, hex(&seal.tags), mac)
        }),
    )
    .await?;
    for (seal, entries) in &changes.audit_seals {
        let keys: Vec<i64> = entries
            .iter()
            .map(|AuditKey(entry)| i64::try_from(*entry))
            .collect::<Result<_, _>>()
            .map_err(|_| BackendError::Conflict)?;
        let keys = serde_json::to_string(&keys).map_err(|_| BackendError::Corrupt("key"))?;
        let marked = sqlx::query(concat!(
            "UPDATE audit SET seal = ?2, place = ?3 + sealed.key \
             FROM json_each(?4) AS sealed \
             WHERE entry = sealed.value AND ",
            chain!(),
            " = ?1 AND seal IS NULL"
        ))
        .bind(seal.chain.key())
        .bind(number(seal.number)?)
        .bind(number(seal.first().ok_or(BackendError::Corrupt("seal"))?)?)
        .bind(keys)
        .execute(&mut *c)
        .await
        .map_err(failed)?;
        if marked.rows_affected() != entries.len() as u64 {
            return Err(BackendError::Conflict);
        }
    }
    Ok(())
}

fn number(number: u64) -> Result<i64, BackendError> {
    i64::try_from(number).map_err(|_| BackendError::Corrupt("number of a seal"))
}
