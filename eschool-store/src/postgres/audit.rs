//! The audit, and the chains by which it is proved whole.

use std::ops::RangeInclusive;

use eschool_core::id::{AccountId, LessonId, SchoolId};
use sqlx::{PgConnection, postgres::PgRow};
use uuid::Uuid;

use super::value::{Columns, failed};
use crate::{
    backend::{
        AuditChain, AuditEntry, AuditKey, AuditSeal, BackendError, Changes, SealedEntry, readable,
    },
    secret::{KeyHash, KeyId},
};

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
        school: Some(columns.take()?).filter(|id: &Uuid| !id.is_nil()).map(SchoolId),
        actor: columns.take::<Option<_>>()?.map(AccountId),
        subject: columns.take::<Option<_>>()?.map(AccountId),
        case: columns.maybe_parse("case code")?,
        lesson: columns.take::<Option<_>>()?.map(LessonId),
    })
}

pub(super) async fn audit(
    connection: &mut PgConnection,
    limit: u32,
) -> Result<Vec<AuditEntry>, BackendError> {
    sqlx::query(concat!("SELECT ", entry!(), " FROM audit ORDER BY entry DESC LIMIT $1"))
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await
        .map_err(failed)?
        .iter()
        .map(|row| entry(&mut Columns::of(row)))
        .collect()
}

/// The chain after one, or the first. Each is a statement of its own: in one for both a plan that is
/// made for any parameter has no bound where it begins.
pub(super) async fn chain_after(
    connection: &mut PgConnection,
    after: Option<AuditChain>,
    is_unsealed: bool,
) -> Result<Option<AuditChain>, BackendError> {
    let statement = match (after.is_some(), is_unsealed) {
        (false, true) => {
            "SELECT school_id FROM audit WHERE seal IS NULL ORDER BY school_id LIMIT 1"
        }
        (true, true) => {
            "SELECT school_id FROM audit WHERE seal IS NULL AND school_id > $1 \
             ORDER BY school_id LIMIT 1"
        }
        (false, false) => {
            "(SELECT school_id FROM audit ORDER BY school_id LIMIT 1) \
             UNION ALL (SELECT school_id FROM audit_seal ORDER BY school_id LIMIT 1) \
             ORDER BY school_id LIMIT 1"
        }
        (true, false) => {
            "(SELECT school_id FROM audit WHERE school_id > $1 ORDER BY school_id LIMIT 1) \
             UNION ALL \
             (SELECT school_id FROM audit_seal WHERE school_id > $1 ORDER BY school_id LIMIT 1) \
             ORDER BY school_id LIMIT 1"
        }
    };
    let mut query = sqlx::query_scalar(statement);
    if let Some(after) = after {
        query = query.bind(after.key());
    }
    let found: Option<Uuid> = query.fetch_optional(connection).await.map_err(failed)?;
    Ok(found.map(AuditChain::of_key))
}

pub(super) async fn unsealed(
    connection: &mut PgConnection,
    chain: AuditChain,
    after: Option<AuditKey>,
    limit: u32,
) -> Result<Vec<(AuditKey, Option<AuditEntry>)>, BackendError> {
    let Some(from) = after.map_or(Some(0), |AuditKey(after)| after.checked_add(1)) else {
        return Ok(Vec::new());
    };
    sqlx::query(concat!(
        "SELECT entry, ",
        entry!(),
        " FROM audit \
         WHERE seal IS NULL AND school_id = $1 AND entry >= $2 ORDER BY entry LIMIT $3"
    ))
    .bind(chain.key())
    .bind(Uuid::from_u128(from))
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        let key = AuditKey(columns.take::<Uuid>()?.as_u128());
        Ok((key, readable(entry(&mut columns))?))
    })
    .collect()
}

pub(super) async fn last_seal(
    connection: &mut PgConnection,
    chain: AuditChain,
) -> Result<Option<(u64, Option<AuditSeal>)>, BackendError> {
    sqlx::query(
        "SELECT number, last, at, former, tags, mac FROM audit_seal \
         WHERE school_id = $1 ORDER BY number DESC LIMIT 1",
    )
    .bind(chain.key())
    .fetch_optional(connection)
    .await
    .map_err(failed)?
    .map(|row| numbered(chain, &row))
    .transpose()
}

pub(super) async fn seals(
    connection: &mut PgConnection,
    chain: AuditChain,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, Option<AuditSeal>)>, BackendError> {
    sqlx::query(
        "SELECT number, last, at, former, tags, mac FROM audit_seal \
         WHERE school_id = $1 AND number > $2 ORDER BY number LIMIT $3",
    )
    .bind(chain.key())
    .bind(number(after)?)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| numbered(chain, row))
    .collect()
}

/// A seal with its number; none in its place if it cannot be read.
fn numbered(chain: AuditChain, row: &PgRow) -> Result<(u64, Option<AuditSeal>), BackendError> {
    let number = Columns::of(row).long("number of a seal")?;
    Ok((number, readable(seal(chain, row))?))
}

fn seal(chain: AuditChain, row: &PgRow) -> Result<AuditSeal, BackendError> {
    let mut columns = Columns::of(row);
    Ok(AuditSeal {
        chain,
        number: columns.long("number of a seal")?,
        last: columns.long("place in the audit")?,
        at: columns.instant()?,
        former: KeyHash(columns.hash()?),
        tags: columns.take()?,
        mac: KeyHash(columns.hash()?),
    })
}

pub(super) async fn sealed(
    connection: &mut PgConnection,
    chain: AuditChain,
    seals: &RangeInclusive<u64>,
) -> Result<Vec<SealedEntry>, BackendError> {
    sqlx::query(concat!(
        "SELECT seal, greatest(place, 0), ",
        entry!(),
        " FROM audit \
         WHERE school_id = $1 AND seal BETWEEN $2 AND $3 ORDER BY seal, place"
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
            seal: columns.long("number of a seal")?,
            place: columns.long("place in the audit")?,
            entry: readable(entry(&mut columns))?,
        })
    })
    .collect()
}

pub(super) async fn stray_seals(
    connection: &mut PgConnection,
    chain: AuditChain,
    limit: u32,
) -> Result<Vec<Option<u64>>, BackendError> {
    sqlx::query(
        "SELECT DISTINCT seal FROM audit a WHERE school_id = $1 AND seal IS NOT NULL \
           AND NOT EXISTS \
             (SELECT FROM audit_seal s WHERE s.school_id = a.school_id AND s.number = a.seal) \
         ORDER BY seal LIMIT $2",
    )
    .bind(chain.key())
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| readable(Columns::of(row).long("number of a seal")))
    .collect()
}

pub(super) async fn installation(
    connection: &mut PgConnection,
) -> Result<Option<KeyHash>, BackendError> {
    sqlx::query("SELECT mac FROM installation")
        .fetch_optional(connection)
        .await
        .map_err(failed)?
        .map(|row| Columns::of(&row).hash().map(KeyHash))
        .transpose()
}

pub(super) async fn lookup_marks(
    connection: &mut PgConnection,
) -> Result<Vec<(KeyId, KeyHash)>, BackendError> {
    sqlx::query("SELECT number, mac FROM lookup_mark ORDER BY number")
        .fetch_all(connection)
        .await
        .map_err(failed)?
        .iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            Ok((KeyId(columns.long("number of a lookup key")?), KeyHash(columns.hash()?)))
        })
        .collect()
}

/// Seals, and the places of what they are over.
pub(super) async fn apply(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    if let Some(KeyHash(mac)) = &changes.installation {
        sqlx::query("INSERT INTO installation (one, mac) VALUES (1, $1)")
            .bind(&mac[..])
            .execute(&mut *c)
            .await
            .map_err(failed)?;
    }
    for (KeyId(number), KeyHash(mac)) in &changes.lookup_marks {
        sqlx::query("INSERT INTO lookup_mark (number, mac) VALUES ($1, $2)")
            .bind(i64::from(*number))
            .bind(&mac[..])
            .execute(&mut *c)
            .await
            .map_err(failed)?;
    }
    for (seal, entries) in &changes.audit_seals {
        let chain = seal.chain.key();
        sqlx::query(
            "INSERT INTO audit_seal (school_id, number, last, at, former, tags, mac) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(chain)
        .bind(number(seal.number)?)
        .bind(number(seal.last)?)
        .bind(seal.at)
        .bind(&seal.former.0[..])
        .bind(seal.tags.as_slice())
        .bind(&seal.mac.0[..])
        .execute(&mut *c)
        .await
        .map_err(failed)?;
        let keys: Vec<Uuid> =
            entries.iter().map(|AuditKey(entry)| Uuid::from_u128(*entry)).collect();
        // Each entry is found by its key: joined alone, all that is not sealed would be gone through.
        let marked = sqlx::query(
            "UPDATE audit SET seal = $2, place = $3 + sealed.place - 1 \
             FROM unnest($4::uuid[]) WITH ORDINALITY AS sealed (entry, place) \
             WHERE audit.school_id = $1 AND audit.entry = ANY ($4) \
               AND audit.entry = sealed.entry AND audit.seal IS NULL",
        )
        .bind(chain)
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
