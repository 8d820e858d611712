//! What happened in the diaries of a school.

use eschool_core::{
    diary::DiaryEvent,
    id::{AccountId, SchoolId},
};
use sqlx::{PgConnection, postgres::PgRow};
use uuid::Uuid;

use super::value::{Columns, failed};
use crate::backend::BackendError;

pub(super) async fn last_event(
    c: &mut PgConnection,
    school: SchoolId,
) -> Result<u64, BackendError> {
    let last: Option<i64> =
        sqlx::query_scalar("SELECT max(cursor) FROM event WHERE school_id = $1")
            .bind(school.0)
            .fetch_one(c)
            .await
            .map_err(failed)?;
    u64::try_from(last.unwrap_or_default()).map_err(|_| BackendError::Corrupt("cursor"))
}

pub(super) async fn events(
    c: &mut PgConnection,
    school: SchoolId,
    after: u64,
    pupils: Option<&[AccountId]>,
    limit: u32,
) -> Result<Vec<DiaryEvent>, BackendError> {
    // PostgreSQL counts to half as far as a cursor could.
    let Ok(after) = i64::try_from(after) else { return Ok(Vec::new()) };
    let query = match pupils {
        None => sqlx::query(
            "SELECT cursor, pupil_id, at, what FROM event WHERE school_id = $1 AND cursor > $2 \
             ORDER BY cursor LIMIT $3",
        ),
        Some(_) => sqlx::query(
            "SELECT cursor, pupil_id, at, what FROM event WHERE school_id = $1 AND cursor > $2 \
               AND pupil_id = ANY($4) ORDER BY cursor LIMIT $3",
        ),
    };
    let query = query.bind(school.0).bind(after).bind(i64::from(limit));
    let query = match pupils {
        None => query,
        Some(pupils) => query.bind(pupils.iter().map(|pupil| pupil.0).collect::<Vec<Uuid>>()),
    };
    query.fetch_all(c).await.map_err(failed)?.iter().map(event).collect()
}

fn event(row: &PgRow) -> Result<DiaryEvent, BackendError> {
    let mut columns = Columns::of(row);
    Ok(DiaryEvent {
        cursor: columns.long("cursor")?,
        pupil: AccountId(columns.take()?),
        at: columns.instant()?,
        what: columns.json("event")?,
    })
}
