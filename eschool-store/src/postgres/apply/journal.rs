//! Lessons and what stands in them.
//!
//! The keys of the journal hold the day of a row. A row that is written under another day than it
//! stands on is taken away from there first, so that it stands once.

use std::collections::HashMap;

use eschool_core::{
    id::{LessonId, SchoolId},
    journal::{Homework, Lesson},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    backend::{BackendError, Changes},
    postgres::{
        bulk::{ROWS, Statement, column, latest, write_all},
        value::{failed, to_json},
    },
};

pub(super) async fn apply(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    lessons(c, changes).await?;
    moved_on(c, changes).await?;
    emptied(c, changes).await?;
    works(c, changes).await?;
    marks(c, changes).await?;
    attendance(c, changes).await?;
    individual_homework(c, changes).await?;
    remarks(c, changes).await?;
    finals(c, changes).await?;
    removed_finals(c, changes).await
}

async fn lessons(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let lessons = latest(&changes.lessons, |(school, lesson)| (*school, lesson.id));
    let mut versions: HashMap<(Uuid, Uuid), i64> = HashMap::new();
    for rows in lessons.chunks(ROWS) {
        let gone: Vec<(Uuid, Uuid, i64)> = sqlx::query_as(
            "DELETE FROM lesson l USING unnest($1::uuid[], $2::uuid[], $3::date[]) \
               AS n (school_id, lesson_id, date) \
             WHERE l.school_id = n.school_id AND l.lesson_id = n.lesson_id AND l.date <> n.date \
             RETURNING l.school_id, l.lesson_id, l.version",
        )
        .bind(column(rows, |(school, _)| school.0))
        .bind(column(rows, |(_, lesson)| lesson.id.0))
        .bind(column(rows, |(_, lesson)| lesson.date))
        .fetch_all(&mut *c)
        .await
        .map_err(failed)?;
        versions.extend(gone.into_iter().map(|(school, lesson, was)| ((school, lesson), was + 1)));
    }
    let mut rows = Vec::with_capacity(lessons.len());
    for row in lessons {
        let (school, lesson) = row;
        let version = versions.get(&(school.0, lesson.id.0)).copied().unwrap_or(1);
        rows.push((row, materials_of(lesson.homework.as_ref())?, version));
    }
    write_all(c, SAVE_LESSONS, &rows, bind_lessons).await
}

const SAVE_LESSONS: &str = "\
INSERT INTO lesson (school_id, class_id, date, number, subgroup, lesson_id, subject, instead_of, \
  cancelled, distant, teacher, room, topic, homework, homework_due, materials, written_at, \
  version) \
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::integer[], $5::text[], $6::uuid[], \
  $7::text[], $8::text[], $9::boolean[], $10::boolean[], $11::text[], $12::text[], $13::text[], \
  $14::text[], $15::date[], $16::text[], $17::timestamptz[], $18::bigint[]) \
ON CONFLICT (school_id, lesson_id, date) DO UPDATE SET class_id = excluded.class_id, \
  number = excluded.number, subgroup = excluded.subgroup, subject = excluded.subject, \
  instead_of = excluded.instead_of, cancelled = excluded.cancelled, distant = excluded.distant, \
  teacher = excluded.teacher, room = excluded.room, topic = excluded.topic, \
  homework = excluded.homework, homework_due = excluded.homework_due, \
  materials = excluded.materials, written_at = excluded.written_at, \
  version = lesson.version + 1";

/// A lesson with its materials as JSON, and the version it has if it is not there on that day.
type LessonRow<'a> = (&'a (SchoolId, Lesson), Option<String>, i64);

fn bind_lessons<'r>(statement: Statement, rows: &'r [LessonRow<'r>]) -> Statement {
    statement
        .bind(column(rows, |((school, _), ..)| school.0))
        .bind(column(rows, |((_, l), ..)| l.class.0))
        .bind(column(rows, |((_, l), ..)| l.date))
        .bind(column(rows, |((_, l), ..)| i32::from(l.number)))
        .bind(column(rows, |((_, l), ..)| l.subgroup.as_ref().map_or("", |part| part.0.as_str())))
        .bind(column(rows, |((_, l), ..)| l.id.0))
        .bind(column(rows, |((_, l), ..)| l.subject.as_str()))
        .bind(column(rows, |((_, l), ..)| l.instead_of.as_deref()))
        .bind(column(rows, |((_, l), ..)| l.cancelled))
        .bind(column(rows, |((_, l), ..)| l.distant))
        .bind(column(rows, |((_, l), ..)| l.teacher.as_str()))
        .bind(column(rows, |((_, l), ..)| l.room.as_str()))
        .bind(column(rows, |((_, l), ..)| l.topic.as_deref()))
        .bind(column(rows, |((_, l), ..)| l.homework.as_ref().map(|task| task.text.as_str())))
        .bind(column(rows, |((_, l), ..)| l.homework.as_ref().and_then(|task| task.due)))
        .bind(column(rows, |(_, materials, _)| materials.as_deref()))
        .bind(column(rows, |((_, l), ..)| l.written_at))
        .bind(column(rows, |(.., version)| *version))
}

/// The materials of homework as a JSON array; none where there are none.
fn materials_of(homework: Option<&Homework>) -> Result<Option<String>, BackendError> {
    homework
        .map(|homework| &homework.materials)
        .filter(|materials| !materials.is_empty())
        .map(to_json)
        .transpose()
}

/// The versions of lessons that are not written themselves, but in which something is.
async fn moved_on(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let mut touched = changes.touched_lessons();
    for (school, lesson) in &changes.lessons {
        touched.remove(&(*school, lesson.id));
    }
    write_all(
        c,
        "UPDATE lesson l SET version = l.version + 1 \
         FROM unnest($1::uuid[], $2::uuid[]) AS n (school_id, lesson_id) \
         WHERE l.school_id = n.school_id AND l.lesson_id = n.lesson_id",
        &touched.into_iter().collect::<Vec<_>>(),
        bind_ids,
    )
    .await
}

/// Takes away what stands in lessons.
async fn emptied(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    for statement in [
        "DELETE FROM work t USING unnest($1::uuid[], $2::uuid[]) AS n (school_id, lesson_id) \
         WHERE t.school_id = n.school_id AND t.lesson_id = n.lesson_id",
        "DELETE FROM mark t USING unnest($1::uuid[], $2::uuid[]) AS n (school_id, lesson_id) \
         WHERE t.school_id = n.school_id AND t.lesson_id = n.lesson_id",
        "DELETE FROM attendance t USING unnest($1::uuid[], $2::uuid[]) AS n (school_id, lesson_id) \
         WHERE t.school_id = n.school_id AND t.lesson_id = n.lesson_id",
        "DELETE FROM individual_homework t \
         USING unnest($1::uuid[], $2::uuid[]) AS n (school_id, lesson_id) \
         WHERE t.school_id = n.school_id AND t.lesson_id = n.lesson_id",
        "DELETE FROM remark t USING unnest($1::uuid[], $2::uuid[]) AS n (school_id, lesson_id) \
         WHERE t.school_id = n.school_id AND t.lesson_id = n.lesson_id",
    ] {
        write_all(c, statement, &changes.emptied_lessons, bind_ids).await?;
    }
    Ok(())
}

fn bind_ids(statement: Statement, rows: &[(SchoolId, LessonId)]) -> Statement {
    statement.bind(column(rows, |(school, _)| school.0)).bind(column(rows, |(_, lesson)| lesson.0))
}

async fn works(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let weight = |hundredths| i32::try_from(hundredths).unwrap_or(i32::MAX);
    write_all(
        c,
        "INSERT INTO work (school_id, lesson_id, work_id, kind, title, weight) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], \
           $6::integer[]) \
         ON CONFLICT (school_id, work_id) DO UPDATE SET lesson_id = excluded.lesson_id, \
           kind = excluded.kind, title = excluded.title, weight = excluded.weight",
        &latest(&changes.works, |(school, work)| (*school, work.id)),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, work)| work.lesson.0))
                .bind(column(rows, |(_, work)| work.id.0))
                .bind(column(rows, |(_, work)| work.kind.0.as_str()))
                .bind(column(rows, |(_, work)| work.title.as_str()))
                .bind(column(rows, |(_, work)| weight(work.weight.hundredths())))
        },
    )
    .await
}

async fn marks(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let marks = latest(&changes.marks, |(school, mark)| (*school, mark.id));
    write_all(
        c,
        "DELETE FROM mark m USING unnest($1::uuid[], $2::uuid[], $3::date[]) \
           AS n (school_id, mark_id, date) \
         WHERE m.school_id = n.school_id AND m.mark_id = n.mark_id AND m.date <> n.date",
        &marks,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, mark)| mark.id.0))
                .bind(column(rows, |(_, mark)| mark.date))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO mark (school_id, pupil_id, date, mark_id, lesson_id, work_id, value, \
           comment, written_at) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::uuid[], $5::uuid[], \
           $6::uuid[], $7::text[], $8::text[], $9::timestamptz[]) \
         ON CONFLICT (school_id, mark_id, date) DO UPDATE SET pupil_id = excluded.pupil_id, \
           lesson_id = excluded.lesson_id, work_id = excluded.work_id, value = excluded.value, \
           comment = excluded.comment, written_at = excluded.written_at",
        &marks,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, mark)| mark.pupil.0))
                .bind(column(rows, |(_, mark)| mark.date))
                .bind(column(rows, |(_, mark)| mark.id.0))
                .bind(column(rows, |(_, mark)| mark.lesson.0))
                .bind(column(rows, |(_, mark)| mark.work.0))
                .bind(column(rows, |(_, mark)| mark.value.to_string()))
                .bind(column(rows, |(_, mark)| mark.comment.as_deref()))
                .bind(column(rows, |(_, mark)| mark.written_at))
        },
    )
    .await
}

async fn attendance(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let rows = latest(&changes.attendance, |(school, row)| (*school, row.lesson, row.pupil));
    write_all(
        c,
        "DELETE FROM attendance a USING unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[]) \
           AS n (school_id, lesson_id, pupil_id, date) \
         WHERE a.school_id = n.school_id AND a.lesson_id = n.lesson_id \
           AND a.pupil_id = n.pupil_id AND a.date <> n.date",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, row)| row.lesson.0))
                .bind(column(rows, |(_, row)| row.pupil.0))
                .bind(column(rows, |(_, row)| row.date))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO attendance (school_id, pupil_id, date, lesson_id, code, class) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::uuid[], $5::text[], \
           $6::text[]) \
         ON CONFLICT (school_id, pupil_id, date, lesson_id) DO UPDATE SET code = excluded.code, \
           class = excluded.class",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, row)| row.pupil.0))
                .bind(column(rows, |(_, row)| row.date))
                .bind(column(rows, |(_, row)| row.lesson.0))
                .bind(column(rows, |(_, row)| row.code.as_str()))
                .bind(column(rows, |(_, row)| row.class.as_str()))
        },
    )
    .await
}

async fn individual_homework(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let rows = latest(&changes.individual_homework, |(school, row)| {
        (*school, row.lesson, row.pupil, row.position)
    });
    write_all(
        c,
        "DELETE FROM individual_homework h \
         USING unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::date[]) \
           AS n (school_id, lesson_id, pupil_id, position, date) \
         WHERE h.school_id = n.school_id AND h.lesson_id = n.lesson_id \
           AND h.pupil_id = n.pupil_id AND h.position = n.position AND h.date <> n.date",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, row)| row.lesson.0))
                .bind(column(rows, |(_, row)| row.pupil.0))
                .bind(column(rows, |(_, row)| i32::from(row.position)))
                .bind(column(rows, |(_, row)| row.date))
        },
    )
    .await?;
    let materials: Result<Vec<_>, _> =
        rows.iter().map(|(_, row)| materials_of(Some(&row.homework))).collect();
    let rows: Vec<_> = rows.into_iter().zip(materials?).collect();
    write_all(
        c,
        "INSERT INTO individual_homework \
           (school_id, pupil_id, date, lesson_id, position, text, due, materials) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::uuid[], $5::integer[], \
           $6::text[], $7::date[], $8::text[]) \
         ON CONFLICT (school_id, pupil_id, date, lesson_id, position) DO UPDATE SET \
           text = excluded.text, due = excluded.due, materials = excluded.materials",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |((school, _), _)| school.0))
                .bind(column(rows, |((_, row), _)| row.pupil.0))
                .bind(column(rows, |((_, row), _)| row.date))
                .bind(column(rows, |((_, row), _)| row.lesson.0))
                .bind(column(rows, |((_, row), _)| i32::from(row.position)))
                .bind(column(rows, |((_, row), _)| row.homework.text.as_str()))
                .bind(column(rows, |((_, row), _)| row.homework.due))
                .bind(column(rows, |(_, materials)| materials.as_deref()))
        },
    )
    .await
}

async fn remarks(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let rows =
        latest(&changes.remarks, |(school, row)| (*school, row.lesson, row.pupil, row.position));
    write_all(
        c,
        "DELETE FROM remark r \
         USING unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::date[]) \
           AS n (school_id, lesson_id, pupil_id, position, date) \
         WHERE r.school_id = n.school_id AND r.lesson_id = n.lesson_id \
           AND r.pupil_id = n.pupil_id AND r.position = n.position AND r.date <> n.date",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, row)| row.lesson.0))
                .bind(column(rows, |(_, row)| row.pupil.0))
                .bind(column(rows, |(_, row)| i32::from(row.position)))
                .bind(column(rows, |(_, row)| row.date))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO remark (school_id, pupil_id, date, lesson_id, position, text) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::uuid[], $5::integer[], \
           $6::text[]) \
         ON CONFLICT (school_id, pupil_id, date, lesson_id, position) DO UPDATE SET \
           text = excluded.text",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, row)| row.pupil.0))
                .bind(column(rows, |(_, row)| row.date))
                .bind(column(rows, |(_, row)| row.lesson.0))
                .bind(column(rows, |(_, row)| i32::from(row.position)))
                .bind(column(rows, |(_, row)| row.text.as_str()))
        },
    )
    .await
}

async fn removed_finals(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "DELETE FROM final_mark f USING unnest($1::uuid[], $2::uuid[], $3::integer[], \
           $4::text[], $5::text[], $6::text[]) AS n (school_id, pupil_id, year, subject, kind, term) \
         WHERE f.school_id = n.school_id AND f.pupil_id = n.pupil_id AND f.year = n.year \
           AND f.subject = n.subject AND f.kind = n.kind AND f.term = n.term",
        &changes.removed_finals,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, f)| f.pupil.0))
                .bind(column(rows, |(_, f)| f.year))
                .bind(column(rows, |(_, f)| f.subject.as_str()))
                .bind(column(rows, |(_, f)| f.kind.as_str()))
                .bind(column(rows, |(_, f)| f.term.as_str()))
        },
    )
    .await
}

async fn finals(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO final_mark (school_id, pupil_id, year, subject, kind, term, value) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[], \
           $6::text[], $7::text[]) \
         ON CONFLICT (school_id, pupil_id, year, subject, kind, term) DO UPDATE SET \
           value = excluded.value",
        &latest(&changes.finals, |(school, f)| {
            (*school, f.pupil, f.year, f.subject.as_str(), f.kind.as_str(), f.term.as_str())
        }),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, f)| f.pupil.0))
                .bind(column(rows, |(_, f)| f.year))
                .bind(column(rows, |(_, f)| f.subject.as_str()))
                .bind(column(rows, |(_, f)| f.kind.as_str()))
                .bind(column(rows, |(_, f)| f.term.as_str()))
                .bind(column(rows, |(_, f)| f.value.to_string()))
        },
    )
    .await
}
