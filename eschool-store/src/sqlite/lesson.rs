//! What a lesson is written by: its page, and what stands around it.

use chrono::NaiveDate;
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, ClassId, LessonId, MarkId, SchoolId, WorkId},
    identity::FullName,
    journal::{
        IndividualHomework, Lesson, LessonPage, Mark, Remark, Subgroup, SubgroupMembership, Work,
    },
    people::StaffPost,
};
use sqlx::{SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    journal::{
        attendance, individual_homework, lesson, mark, mark_value, read_lesson, remark, work,
    },
    people::{a_name, stay},
    value::{Columns, failed},
};
use crate::backend::{BackendError, ClassPupils, MarkChange};

/// Reads every row of a statement that a school's id and another one are bound to.
macro_rules! rows {
    ($connection:expr, $school:expr, $id:expr, $statement:expr, $read:expr) => {
        sqlx::query($statement)
            .bind($school.0)
            .bind($id.0)
            .fetch_all(&mut *$connection)
            .await
            .map_err(failed)?
            .iter()
            .map($read)
            .collect::<Result<Vec<_>, BackendError>>()?
    };
}

pub(super) async fn lesson_page(
    c: &mut SqliteConnection,
    school: SchoolId,
    id: LessonId,
) -> Result<Option<LessonPage>, BackendError> {
    let row = sqlx::query(
        "SELECT version, lesson_id, class_id, subgroup, date, number, subject, instead_of, \
           cancelled, distant, teacher, room, topic, homework, homework_due, materials, written_at \
         FROM lesson WHERE school_id = ?1 AND lesson_id = ?2",
    )
    .bind(school.0)
    .bind(id.0)
    .fetch_optional(&mut *c)
    .await
    .map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    let mut columns = Columns::of(&row);
    Ok(Some(LessonPage {
        version: columns.number("version")?,
        lesson: read_lesson(&mut columns)?,
        works: rows!(
            c,
            school,
            id,
            "SELECT work_id, lesson_id, kind, title, weight FROM work \
             WHERE school_id = ?1 AND lesson_id = ?2 ORDER BY work_id",
            |row| work(&mut Columns::of(row))
        ),
        marks: rows!(
            c,
            school,
            id,
            "SELECT mark_id, pupil_id, lesson_id, date, work_id, value, comment, written_at \
             FROM mark WHERE school_id = ?1 AND lesson_id = ?2 ORDER BY mark_id",
            mark
        ),
        attendance: rows!(
            c,
            school,
            id,
            "SELECT pupil_id, lesson_id, date, code, class FROM attendance \
             WHERE school_id = ?1 AND lesson_id = ?2 ORDER BY pupil_id, date",
            attendance
        ),
        individual_homework: rows!(
            c,
            school,
            id,
            "SELECT lesson_id, pupil_id, date, position, text, due, materials \
             FROM individual_homework WHERE school_id = ?1 AND lesson_id = ?2 \
             ORDER BY pupil_id, date, position",
            |row| {
                let row = individual_homework(row)?;
                let (lesson, pupil) = (row.lesson, row.pupil);
                Ok(IndividualHomework { lesson, pupil, homework: row.homework })
            }
        ),
        remarks: rows!(
            c,
            school,
            id,
            "SELECT lesson_id, pupil_id, date, position, text FROM remark \
             WHERE school_id = ?1 AND lesson_id = ?2 ORDER BY pupil_id, date, position",
            |row| {
                let row = remark(row)?;
                Ok(Remark { pupil: row.pupil, lesson: row.lesson, text: row.text })
            }
        ),
    }))
}

pub(super) async fn lessons_between(
    c: &mut SqliteConnection,
    school: SchoolId,
    class: ClassId,
    days: DateRange,
) -> Result<Vec<Lesson>, BackendError> {
    sqlx::query(
        "SELECT lesson_id, class_id, subgroup, date, number, subject, instead_of, cancelled, \
           distant, teacher, room, topic, homework, homework_due, materials, written_at \
         FROM lesson WHERE school_id = ?1 AND class_id = ?2 AND date BETWEEN ?3 AND ?4 \
         ORDER BY date, number, subgroup",
    )
    .bind(school.0)
    .bind(class.0)
    .bind(days.from())
    .bind(days.to())
    .fetch_all(c)
    .await
    .map_err(failed)?
    .iter()
    .map(lesson)
    .collect()
}

pub(super) async fn journal_end(
    c: &mut SqliteConnection,
    school: SchoolId,
    class: ClassId,
) -> Result<Option<NaiveDate>, BackendError> {
    sqlx::query_scalar("SELECT max(date) FROM lesson WHERE school_id = ?1 AND class_id = ?2")
        .bind(school.0)
        .bind(class.0)
        .fetch_one(c)
        .await
        .map_err(failed)
}

pub(super) async fn is_unfinished(
    c: &mut SqliteConnection,
    school: SchoolId,
    class: ClassId,
) -> Result<bool, BackendError> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM unfinished_journal WHERE school_id = ?1 AND class_id = ?2)",
    )
    .bind(school.0)
    .bind(class.0)
    .fetch_one(c)
    .await
    .map_err(failed)
}

pub(super) async fn works(
    c: &mut SqliteConnection,
    school: SchoolId,
    works: &[WorkId],
) -> Result<Vec<(Work, Option<Lesson>)>, BackendError> {
    sqlx::query(
        "SELECT w.work_id, w.lesson_id, w.kind, w.title, w.weight, l.lesson_id IS NOT NULL, \
           l.lesson_id, l.class_id, l.subgroup, l.date, l.number, l.subject, l.instead_of, \
           l.cancelled, l.distant, l.teacher, l.room, l.topic, l.homework, l.homework_due, \
           l.materials, l.written_at \
         FROM work w LEFT JOIN lesson l \
           ON l.school_id = w.school_id AND l.lesson_id = w.lesson_id \
         WHERE w.school_id = ?1 AND w.work_id IN (SELECT unhex(value) FROM json_each(?2)) \
         ORDER BY w.work_id",
    )
    .bind(school.0)
    .bind(list(works.iter().map(|work| work.0))?)
    .fetch_all(c)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        let work = work(&mut columns)?;
        let lesson = if columns.take()? { Some(read_lesson(&mut columns)?) } else { None };
        Ok((work, lesson))
    })
    .collect()
}

/// No index leads from a work to its marks: they are found among all of the pupils'.
pub(super) async fn marks_for(
    c: &mut SqliteConnection,
    school: SchoolId,
    pupils: &[AccountId],
    works: &[WorkId],
) -> Result<Vec<Mark>, BackendError> {
    sqlx::query(
        "SELECT mark_id, pupil_id, lesson_id, date, work_id, value, comment, written_at FROM mark \
         WHERE school_id = ?1 AND pupil_id IN (SELECT unhex(value) FROM json_each(?2)) \
           AND +work_id IN (SELECT unhex(value) FROM json_each(?3)) ORDER BY mark_id",
    )
    .bind(school.0)
    .bind(list(pupils.iter().map(|pupil| pupil.0))?)
    .bind(list(works.iter().map(|work| work.0))?)
    .fetch_all(c)
    .await
    .map_err(failed)?
    .iter()
    .map(mark)
    .collect()
}

pub(super) async fn mark_changes(
    c: &mut SqliteConnection,
    school: SchoolId,
    lesson: LessonId,
) -> Result<Vec<MarkChange>, BackendError> {
    let change = |row: &SqliteRow| {
        let mut columns = Columns::of(row);
        Ok(MarkChange {
            entry: columns.take()?,
            school,
            lesson,
            mark: MarkId(columns.take()?),
            pupil: AccountId(columns.take()?),
            old: mark_value(columns.take()?),
            new: columns.take::<Option<&str>>()?.map(mark_value),
            by: columns.take::<Option<_>>()?.map(AccountId),
            at: columns.instant()?,
            comment: columns.take()?,
        })
    };
    Ok(rows!(
        c,
        school,
        lesson,
        "SELECT entry_id, mark_id, pupil_id, old_value, new_value, by_id, at, comment \
         FROM mark_revision WHERE school_id = ?1 AND lesson_id = ?2 ORDER BY entry_id",
        change
    ))
}

pub(super) async fn class_pupils(
    c: &mut SqliteConnection,
    school: SchoolId,
    class: ClassId,
) -> Result<ClassPupils, BackendError> {
    Ok(ClassPupils {
        stays: rows!(
            c,
            school,
            class,
            "SELECT pupil_id, class_id, from_date, to_date FROM stay \
             WHERE school_id = ?1 AND pupil_id IN \
               (SELECT pupil_id FROM stay WHERE school_id = ?1 AND class_id = ?2) \
             ORDER BY pupil_id, from_date, class_id",
            stay
        ),
        subgroups: rows!(
            c,
            school,
            class,
            "SELECT pupil_id, class_id, subject, subgroup, from_date, to_date \
             FROM subgroup_membership WHERE school_id = ?1 AND pupil_id IN \
               (SELECT pupil_id FROM stay WHERE school_id = ?1 AND class_id = ?2) \
             ORDER BY pupil_id, from_date, class_id, subject",
            |row| {
                let mut columns = Columns::of(row);
                Ok(SubgroupMembership {
                    pupil: AccountId(columns.take()?),
                    class: ClassId(columns.take()?),
                    subject: columns.take::<Option<String>>()?.filter(|s| !s.is_empty()),
                    subgroup: Subgroup(columns.take()?),
                    from: columns.take()?,
                    to: columns.take()?,
                })
            }
        ),
    })
}

pub(super) async fn staff(
    c: &mut SqliteConnection,
    school: SchoolId,
) -> Result<Vec<(StaffPost, FullName)>, BackendError> {
    sqlx::query(
        "SELECT p.account_id, p.subject, p.class_teacher_of, p.to_date, a.family, a.given, \
           a.patronymic FROM staff_post p \
         JOIN account a ON a.school_id = p.school_id AND a.account_id = p.account_id \
         WHERE p.school_id = ?1 ORDER BY p.account_id, p.subject",
    )
    .bind(school.0)
    .fetch_all(c)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        let post = StaffPost {
            account: AccountId(columns.take()?),
            subject: columns.take()?,
            class_teacher_of: columns.take::<Option<_>>()?.map(ClassId),
            until: columns.take()?,
        };
        Ok((post, a_name(&mut columns)?))
    })
    .collect()
}

/// Identifiers as one JSON array, for `json_each`.
pub(super) fn list(ids: impl Iterator<Item = Uuid>) -> Result<String, BackendError> {
    let ids: Vec<String> = ids.map(|id| id.simple().to_string()).collect();
    serde_json::to_string(&ids).map_err(|_| BackendError::Corrupt("identifiers to look for"))
}
