//! Archives of school years, and what they move.

use eschool_core::{
    archive::{DropOrder, YearState},
    id::{AccountId, ClassId, LessonId, MarkId, SchoolId},
    journal::FinalMark,
};
use sqlx::{PgConnection, postgres::PgRow};
use uuid::Uuid;

use super::{
    bulk::{column, latest, write_all},
    journal::{final_mark, journal_days, mark_value},
    value::{Columns, failed},
};
use crate::backend::{ArchiveChanges, BackendError, ClassArchive, MarkChange, YearArchiveRow};

pub(super) async fn year_archives(
    connection: &mut PgConnection,
    school: SchoolId,
) -> Result<Vec<YearArchiveRow>, BackendError> {
    sqlx::query(
        "SELECT year, state, digest, lines, at, actor_id, order_number, order_date, run_id \
         FROM year_archive WHERE school_id = $1 ORDER BY year",
    )
    .bind(school.0)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok(YearArchiveRow {
            school,
            year: columns.take()?,
            state: YearState::from_code(columns.take()?)
                .ok_or(BackendError::Corrupt("state of a year"))?,
            digest: columns.hash()?,
            lines: columns.long("lines")?,
            at: columns.instant()?,
            actor: columns.take::<Option<_>>()?.map(AccountId),
            order: match (columns.take()?, columns.take()?) {
                (Some(number), Some(date)) => Some(DropOrder { number, date }),
                _ => None,
            },
            run: columns.take()?,
        })
    })
    .collect()
}

pub(super) async fn class_archive(
    c: &mut PgConnection,
    school: SchoolId,
    class: ClassId,
) -> Result<ClassArchive, BackendError> {
    let journal = journal_days(c, school, class, None).await?;
    let versions = sqlx::query(
        "SELECT lesson_id, version FROM lesson WHERE school_id = $1 AND class_id = $2 \
         ORDER BY lesson_id",
    )
    .bind(school.0)
    .bind(class.0)
    .fetch_all(&mut *c)
    .await
    .map_err(failed)?;
    let version = |row: &PgRow| {
        let mut columns = Columns::of(row);
        Ok((LessonId(columns.take()?), columns.long("version")?))
    };
    let changes = sqlx::query(
        "SELECT r.entry_id, r.lesson_id, r.mark_id, r.pupil_id, r.old_value, r.new_value, r.by_id, \
           r.at, r.comment FROM lesson l \
         JOIN mark_revision r ON r.school_id = l.school_id AND r.lesson_id = l.lesson_id \
         WHERE l.school_id = $1 AND l.class_id = $2 ORDER BY r.lesson_id, r.entry_id",
    )
    .bind(school.0)
    .bind(class.0)
    .fetch_all(&mut *c)
    .await
    .map_err(failed)?;
    let change = |row: &PgRow| {
        let mut columns = Columns::of(row);
        Ok(MarkChange {
            school,
            entry: columns.take()?,
            lesson: LessonId(columns.take()?),
            mark: MarkId(columns.take()?),
            pupil: AccountId(columns.take()?),
            old: mark_value(columns.take()?),
            new: columns.take::<Option<&str>>()?.map(mark_value),
            by: columns.take::<Option<_>>()?.map(AccountId),
            at: columns.instant()?,
            comment: columns.take()?,
        })
    };
    Ok(ClassArchive {
        journal,
        versions: versions.iter().map(version).collect::<Result<_, BackendError>>()?,
        mark_changes: changes.iter().map(change).collect::<Result<_, BackendError>>()?,
    })
}

pub(super) async fn finals_of_year(
    connection: &mut PgConnection,
    school: SchoolId,
    year: i32,
    pupils: &[AccountId],
) -> Result<Vec<FinalMark>, BackendError> {
    sqlx::query(
        "SELECT pupil_id, subject, kind, term, year, value FROM final_mark \
         WHERE school_id = $1 AND pupil_id = ANY($3) AND year = $2 \
         ORDER BY pupil_id, subject, kind, term",
    )
    .bind(school.0)
    .bind(year)
    .bind(pupils.iter().map(|pupil| pupil.0).collect::<Vec<Uuid>>())
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(final_mark)
    .collect()
}

/// What goes, before any row is written. The lessons of a class are found once, and what stands in
/// them by their identifiers.
pub(super) async fn removed(
    c: &mut PgConnection,
    changes: &ArchiveChanges,
) -> Result<(), BackendError> {
    for (school, class) in &changes.emptied_classes {
        let lessons: Vec<Uuid> = sqlx::query_scalar(
            "DELETE FROM lesson WHERE school_id = $1 AND class_id = $2 RETURNING lesson_id",
        )
        .bind(school.0)
        .bind(class.0)
        .fetch_all(&mut *c)
        .await
        .map_err(failed)?;
        for statement in [
            "DELETE FROM mark_revision WHERE school_id = $1 AND lesson_id = ANY($2)",
            "DELETE FROM mark WHERE school_id = $1 AND lesson_id = ANY($2)",
            "DELETE FROM attendance WHERE school_id = $1 AND lesson_id = ANY($2)",
            "DELETE FROM individual_homework WHERE school_id = $1 AND lesson_id = ANY($2)",
            "DELETE FROM remark WHERE school_id = $1 AND lesson_id = ANY($2)",
            "DELETE FROM work WHERE school_id = $1 AND lesson_id = ANY($2)",
        ] {
            let statement = sqlx::query(statement).bind(school.0).bind(&lessons);
            statement.execute(&mut *c).await.map_err(failed)?;
        }
    }
    write_all(
        c,
        "DELETE FROM excuse t USING unnest($1::uuid[], $2::uuid[], $3::uuid[]) \
           AS n (school_id, pupil_id, excuse_id) \
         WHERE t.school_id = n.school_id AND t.pupil_id = n.pupil_id \
           AND t.excuse_id = n.excuse_id",
        &changes.removed_excuses,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, ..)| school.0))
                .bind(column(rows, |(_, pupil, _)| pupil.0))
                .bind(column(rows, |(.., excuse)| *excuse))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM event t USING unnest($1::uuid[], $2::bigint[]) AS n (school_id, cursor) \
         WHERE t.school_id = n.school_id AND t.cursor = n.cursor",
        &changes.removed_events,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, cursor)| cursor.cast_signed()))
        },
    )
    .await
}

/// What stands after all else was written.
pub(super) async fn apply(
    c: &mut PgConnection,
    changes: &ArchiveChanges,
) -> Result<(), BackendError> {
    write_all(
        c,
        "UPDATE lesson l SET version = n.version \
         FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS n (school_id, lesson_id, version) \
         WHERE l.school_id = n.school_id AND l.lesson_id = n.lesson_id",
        &changes.versions,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, ..)| school.0))
                .bind(column(rows, |(_, lesson, _)| lesson.0))
                .bind(column(rows, |(.., version)| version.cast_signed()))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO year_archive (school_id, year, state, digest, lines, at, actor_id, \
           order_number, order_date, run_id) \
         SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::bytea[], $5::bigint[], \
           $6::timestamptz[], $7::uuid[], $8::text[], $9::date[], $10::uuid[]) \
         ON CONFLICT (school_id, year) DO UPDATE SET state = excluded.state, \
           digest = excluded.digest, lines = excluded.lines, at = excluded.at, \
           actor_id = excluded.actor_id, order_number = excluded.order_number, \
           order_date = excluded.order_date, run_id = excluded.run_id",
        &latest(&changes.rows, |row| (row.school, row.year)),
        |statement, rows| {
            let order = |row: &&YearArchiveRow| row.order.clone();
            statement
                .bind(column(rows, |row| row.school.0))
                .bind(column(rows, |row| row.year))
                .bind(column(rows, |row| row.state.code()))
                .bind(column(rows, |row| row.digest.to_vec()))
                .bind(column(rows, |row| row.lines.cast_signed()))
                .bind(column(rows, |row| row.at))
                .bind(column(rows, |row| row.actor.map(|actor| actor.0)))
                .bind(column(rows, |row| order(row).map(|order| order.number)))
                .bind(column(rows, |row| order(row).map(|order| order.date)))
                .bind(column(rows, |row| row.run))
        },
    )
    .await
}
