//! Archives of school years, and what they move.

use eschool_core::{
    archive::{DropOrder, YearState},
    id::{AccountId, ClassId, LessonId, MarkId, SchoolId},
    journal::FinalMark,
};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::{
    bulk::{hex, id, write_all},
    journal::{final_mark, journal_days, mark_value},
    value::{Columns, failed},
};
use crate::backend::{ArchiveChanges, BackendError, ClassArchive, MarkChange, YearArchiveRow};

pub(super) async fn year_archives(
    connection: &mut SqliteConnection,
    school: SchoolId,
) -> Result<Vec<YearArchiveRow>, BackendError> {
    sqlx::query(
        "SELECT year, state, digest, lines, at, actor_id, order_number, order_date, run_id \
         FROM year_archive WHERE school_id = ?1 ORDER BY year",
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
            lines: columns.number("lines")?,
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
    c: &mut SqliteConnection,
    school: SchoolId,
    class: ClassId,
) -> Result<ClassArchive, BackendError> {
    let journal = journal_days(c, school, class, None).await?;
    let versions = sqlx::query(
        "SELECT lesson_id, version FROM lesson WHERE school_id = ?1 AND class_id = ?2 \
         ORDER BY lesson_id",
    )
    .bind(school.0)
    .bind(class.0)
    .fetch_all(&mut *c)
    .await
    .map_err(failed)?;
    let version = |row: &SqliteRow| {
        let mut columns = Columns::of(row);
        Ok((LessonId(columns.take()?), columns.number("version")?))
    };
    let changes = sqlx::query(
        "SELECT r.entry_id, r.lesson_id, r.mark_id, r.pupil_id, r.old_value, r.new_value, r.by_id, \
           r.at, r.comment FROM lesson l \
         JOIN mark_revision r ON r.school_id = l.school_id AND r.lesson_id = l.lesson_id \
         WHERE l.school_id = ?1 AND l.class_id = ?2 ORDER BY r.lesson_id, r.entry_id",
    )
    .bind(school.0)
    .bind(class.0)
    .fetch_all(&mut *c)
    .await
    .map_err(failed)?;
    let change = |row: &SqliteRow| {
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
    connection: &mut SqliteConnection,
    school: SchoolId,
    year: i32,
    pupils: &[AccountId],
) -> Result<Vec<FinalMark>, BackendError> {
    let pupils: Vec<_> = pupils.iter().map(|pupil| id(pupil.0)).collect();
    let pupils = serde_json::to_string(&pupils);
    sqlx::query(
        "SELECT pupil_id, subject, kind, term, year, value FROM final_mark \
         WHERE school_id = ?1 AND pupil_id IN (SELECT unhex(value) FROM json_each(?3)) \
           AND year = ?2 ORDER BY pupil_id, subject, kind, term",
    )
    .bind(school.0)
    .bind(year)
    .bind(pupils.map_err(|_| BackendError::Corrupt("value to ask for"))?)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(final_mark)
    .collect()
}

/// What goes, before any row is written.
pub(super) async fn removed(
    c: &mut SqliteConnection,
    changes: &ArchiveChanges,
) -> Result<(), BackendError> {
    for (school, class) in &changes.emptied_classes {
        for statement in [
            "DELETE FROM mark_revision WHERE school_id = ?1 AND lesson_id IN \
               (SELECT lesson_id FROM lesson WHERE school_id = ?1 AND class_id = ?2)",
            "DELETE FROM mark WHERE school_id = ?1 AND lesson_id IN \
               (SELECT lesson_id FROM lesson WHERE school_id = ?1 AND class_id = ?2)",
            "DELETE FROM attendance WHERE school_id = ?1 AND lesson_id IN \
               (SELECT lesson_id FROM lesson WHERE school_id = ?1 AND class_id = ?2)",
            "DELETE FROM individual_homework WHERE school_id = ?1 AND lesson_id IN \
               (SELECT lesson_id FROM lesson WHERE school_id = ?1 AND class_id = ?2)",
            "DELETE FROM remark WHERE school_id = ?1 AND lesson_id IN \
               (SELECT lesson_id FROM lesson WHERE school_id = ?1 AND class_id = ?2)",
            "DELETE FROM work WHERE school_id = ?1 AND lesson_id IN \
               (SELECT lesson_id FROM lesson WHERE school_id = ?1 AND class_id = ?2)",
            "DELETE FROM lesson WHERE school_id = ?1 AND class_id = ?2",
        ] {
            let statement = sqlx::query(statement).bind(school.0).bind(class.0);
            statement.execute(&mut *c).await.map_err(failed)?;
        }
    }
    write_all(
        c,
        "DELETE FROM excuse WHERE (school_id, pupil_id, excuse_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2) FROM json_each(?1))",
        changes
            .removed_excuses
            .iter()
            .map(|(s, pupil, excuse)| (id(s.0), id(pupil.0), id(*excuse))),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM event WHERE (school_id, cursor) IN \
           (SELECT unhex(value->>0), value->>1 FROM json_each(?1))",
        changes.removed_events.iter().map(|(school, cursor)| (id(school.0), cursor)),
    )
    .await
}

/// What stands after all else was written.
pub(super) async fn apply(
    c: &mut SqliteConnection,
    changes: &ArchiveChanges,
) -> Result<(), BackendError> {
    write_all(
        c,
        "UPDATE lesson SET version = n.value->>2 FROM json_each(?1) n \
         WHERE lesson.school_id = unhex(n.value->>0) AND lesson.lesson_id = unhex(n.value->>1)",
        changes.versions.iter().map(|(s, lesson, version)| (id(s.0), id(lesson.0), version)),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO year_archive (school_id, year, state, digest, lines, at, actor_id, \
           order_number, order_date, run_id) \
         SELECT unhex(value->>0), value->>1, value->>2, unhex(value->>3), value->>4, value->>5, \
           unhex(value->>6), value->>7, value->>8, unhex(value->>9) FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, year) DO UPDATE SET state = excluded.state, \
           digest = excluded.digest, lines = excluded.lines, at = excluded.at, \
           actor_id = excluded.actor_id, order_number = excluded.order_number, \
           order_date = excluded.order_date, run_id = excluded.run_id",
        changes.rows.iter().map(|row| {
            let (at, actor) = (row.at.timestamp_micros(), row.actor.map(|actor| id(actor.0)));
            let run = row.run.map(id);
            let order = row.order.as_ref();
            let (number, date) = (order.map(|order| &order.number), order.map(|order| order.date));
            let (school, state, digest) = (id(row.school.0), row.state.code(), hex(&row.digest));
            (school, row.year, state, digest, row.lines, at, actor, number, date, run)
        }),
    )
    .await
}
