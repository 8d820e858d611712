//! The audit, and the chains by which it is proved whole.

use std::ops::RangeInclusive;

use eschool_core::id::{AccountId, LessonId, SchoolId};
use sqlx::{SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    bulk::{hex, id, write_all},
    value::{Columns, failed},
};
use crate::{
    backend::{
        AuditChain, AuditEntry, AuditKey, AuditSeal, BackendError, Changes, SealedEntry, readable,
    },
    secret::{KeyHash, KeyId},
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
            " > ?1 AND length(",
            chain!(),
            ") = 16 \
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
            " > ?1 AND length(",
            chain!(),
            ") = 16 ORDER BY 1 LIMIT 1) \
              UNION ALL SELECT * FROM (SELECT ",
            chain!(),
            " FROM audit \
                WHERE seal IS NOT NULL AND ",
            chain!(),
            " > ?1 AND length(",
            chain!(),
            ") = 16 ORDER BY 1 LIMIT 1) \
              UNION ALL SELECT * FROM (SELECT school_id FROM audit_seal \
                WHERE school_id > ?1 AND length(school_id) = 16 ORDER BY 1 LIMIT 1))"
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
    after: Option<AuditKey>,
    limit: u32,
) -> Result<Vec<(AuditKey, Option<AuditEntry>)>, BackendError> {
    let Some(from) = after.map_or(Some(i64::MIN), |after| row_of(after)?.checked_add(1)) else {
        return Ok(Vec::new());
    };
    sqlx::query(concat!(
        "SELECT entry, ",
        entry!(),
        " FROM audit \
         WHERE seal IS NULL AND ",
        chain!(),
        " = ?1 AND entry >= ?2 ORDER BY entry LIMIT ?3"
    ))
    .bind(chain.key())
    .bind(from)
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        let key = AuditKey(columns.take::<i64>()?.cast_unsigned().into());
        Ok((key, readable(entry(&mut columns))?))
    })
    .collect()
}

/// The row that a key names.
fn row_of(AuditKey(key): AuditKey) -> Option<i64> {
    u64::try_from(key).ok().map(u64::cast_signed)
}

pub(super) async fn astray(connection: &mut SqliteConnection) -> Result<u64, BackendError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM audit WHERE length(school_id) <> 16) \
           + (SELECT count(*) FROM audit_seal WHERE length(school_id) <> 16)",
    )
    .fetch_one(connection)
    .await
    .map_err(failed)?;
    u64::try_from(count).map_err(|_| BackendError::Corrupt("count"))
}

pub(super) async fn last_seal(
    connection: &mut SqliteConnection,
    chain: AuditChain,
) -> Result<Option<(u64, Option<AuditSeal>)>, BackendError> {
    sqlx::query(
        "SELECT number, last, at, former, tags, mac FROM audit_seal \
         WHERE school_id = ?1 ORDER BY number DESC LIMIT 1",
    )
    .bind(chain.key())
    .fetch_optional(connection)
    .await
    .map_err(failed)?
    .map(|row| numbered(chain, &row))
    .transpose()
}

pub(super) async fn seals(
    connection: &mut SqliteConnection,
    chain: AuditChain,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, Option<AuditSeal>)>, BackendError> {
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
    .map(|row| numbered(chain, row))
    .collect()
}

/// A seal with its number; none in its place if it cannot be read.
fn numbered(chain: AuditChain, row: &SqliteRow) -> Result<(u64, Option<AuditSeal>), BackendError> {
    let number = Columns::of(row).number("number of a seal")?;
    Ok((number, readable(seal(chain, row))?))
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
    seals: &RangeInclusive<u64>,
) -> Result<Vec<SealedEntry>, BackendError> {
    sqlx::query(concat!(
        "SELECT seal, max(ifnull(place, 0), 0), ",
        entry!(),
        " FROM audit \
         WHERE seal IS NOT NULL AND ",
        chain!(),
        " = ?1 AND seal BETWEEN ?2 AND ?3 ORDER BY seal, place"
    ))
    .bind(chain.key())
    .bind(number(*seals.start())?)
    .bind(number(*seals.end())?)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok(SealedEntry {
            seal: columns.number("number of a seal")?,
            place: columns.number("place in the audit")?,
            entry: readable(entry(&mut columns))?,
        })
    })
    .collect()
}

pub(super) async fn stray_seals(
    connection: &mut SqliteConnection,
    chain: AuditChain,
    limit: u32,
) -> Result<Vec<Option<u64>>, BackendError> {
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
    .map(|row| readable(Columns::of(row).number("number of a seal")))
    .collect()
}

pub(super) async fn installation(
    connection: &mut SqliteConnection,
) -> Result<Option<KeyHash>, BackendError> {
    sqlx::query("SELECT mac FROM installation")
        .fetch_optional(connection)
        .await
        .map_err(failed)?
        .map(|row| Columns::of(&row).hash().map(KeyHash))
        .transpose()
}

pub(super) async fn lookup_marks(
    connection: &mut SqliteConnection,
) -> Result<Vec<(KeyId, KeyHash)>, BackendError> {
    sqlx::query("SELECT number, mac FROM lookup_mark ORDER BY number")
        .fetch_all(connection)
        .await
        .map_err(failed)?
        .iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            Ok((KeyId(columns.number("number of a lookup key")?), KeyHash(columns.hash()?)))
        })
        .collect()
}

/// Marks entries with their seal. The keys come first and each finds its entry: by the index of what
/// is not sealed every entry would be compared with every key.
pub(super) const MARK: &str = concat!(
    "UPDATE audit NOT INDEXED SET seal = ?2, place = ?3 + sealed.key \
     FROM json_each(?4) AS sealed \
     WHERE entry = sealed.value AND ",
    chain!(),
    " = ?1 AND seal IS NULL"
);

/// Seals, and the places of what they are over.
pub(super) async fn apply(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    if let Some(KeyHash(mac)) = &changes.installation {
        sqlx::query("INSERT INTO installation (one, mac) VALUES (1, ?1)")
            .bind(&mac[..])
            .execute(&mut *c)
            .await
            .map_err(failed)?;
    }
    for (KeyId(number), KeyHash(mac)) in &changes.lookup_marks {
        sqlx::query("INSERT INTO lookup_mark (number, mac) VALUES (?1, ?2)")
            .bind(number)
            .bind(&mac[..])
            .execute(&mut *c)
            .await
            .map_err(failed)?;
    }
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
            .map(|key| row_of(*key))
            .collect::<Option<_>>()
            .ok_or(BackendError::Conflict)?;
        let keys = serde_json::to_string(&keys).map_err(|_| BackendError::Corrupt("key"))?;
        let marked = sqlx::query(MARK)
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
