//! Taking rows away.

use eschool_core::id::SchoolId;
use sqlx::PgConnection;

use super::super::bulk::{Statement, column, write_all};
use crate::backend::{BackendError, Removed};

/// Takes rows away, before any other is written.
pub(super) async fn removed(c: &mut PgConnection, removed: &Removed) -> Result<(), BackendError> {
    people(c, removed).await?;
    journal(c, removed).await
}

fn of_school<R>(statement: Statement, rows: &[(SchoolId, R)]) -> Statement {
    statement.bind(column(rows, |(school, _)| school.0))
}

async fn people(c: &mut PgConnection, removed: &Removed) -> Result<(), BackendError> {
    write_all(
        c,
        "DELETE FROM claim t USING unnest($1::bytea[], $2::text[], $3::uuid[], $4::uuid[]) \
           AS n (key_hash, kind, school_id, account_id) \
         WHERE t.key_hash = n.key_hash AND t.kind = n.kind AND t.school_id = n.school_id \
           AND t.account_id = n.account_id",
        &removed.claims,
        |statement, rows| {
            statement
                .bind(column(rows, |claim| claim.key.0))
                .bind(column(rows, |claim| claim.kind.code()))
                .bind(column(rows, |claim| claim.school.0))
                .bind(column(rows, |claim| claim.account.0))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM shared_phone WHERE key_hash = ANY ($1)",
        &removed.shared_phones,
        |statement, rows| statement.bind(column(rows, |key| key.0)),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM stay t USING unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[]) \
           AS n (school_id, pupil_id, class_id, from_date) \
         WHERE t.school_id = n.school_id AND t.pupil_id = n.pupil_id \
           AND t.class_id = n.class_id AND t.from_date = n.from_date",
        &removed.stays,
        |statement, rows| {
            of_school(statement, rows)
                .bind(column(rows, |(_, stay)| stay.pupil.0))
                .bind(column(rows, |(_, stay)| stay.class.0))
                .bind(column(rows, |(_, stay)| stay.from))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM subgroup_membership t \
         USING unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[]) \
           AS n (school_id, pupil_id, class_id, subject, from_date) \
         WHERE t.school_id = n.school_id AND t.pupil_id = n.pupil_id \
           AND t.class_id = n.class_id AND t.subject = n.subject AND t.from_date = n.from_date",
        &removed.subgroups,
        |statement, rows| {
            of_school(statement, rows)
                .bind(column(rows, |(_, part)| part.pupil.0))
                .bind(column(rows, |(_, part)| part.class.0))
                .bind(column(rows, |(_, part)| part.subject.as_deref().unwrap_or_default()))
                .bind(column(rows, |(_, part)| part.from))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM guardianship t USING unnest($1::uuid[], $2::uuid[], $3::uuid[]) \
           AS n (school_id, parent_id, child_id) \
         WHERE t.school_id = n.school_id AND t.parent_id = n.parent_id \
           AND t.child_id = n.child_id",
        &removed.guardianships,
        |statement, rows| {
            of_school(statement, rows)
                .bind(column(rows, |(_, bond)| bond.parent.0))
                .bind(column(rows, |(_, bond)| bond.child.0))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM staff_post t USING unnest($1::uuid[], $2::uuid[], $3::text[]) \
           AS n (school_id, account_id, subject) \
         WHERE t.school_id = n.school_id AND t.account_id = n.account_id \
           AND t.subject = n.subject",
        &removed.staff,
        |statement, rows| {
            of_school(statement, rows)
                .bind(column(rows, |(_, post)| post.account.0))
                .bind(column(rows, |(_, post)| post.subject.as_str()))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM school_class t USING unnest($1::uuid[], $2::uuid[]) \
           AS n (school_id, class_id) \
         WHERE t.school_id = n.school_id AND t.class_id = n.class_id",
        &removed.classes,
        |statement, rows| {
            statement
                .bind(column(rows, |class| class.school.0))
                .bind(column(rows, |class| class.id.0))
        },
    )
    .await
}

/// Each with its day, so that the parts of other school years are not searched.
async fn journal(c: &mut PgConnection, removed: &Removed) -> Result<(), BackendError> {
    write_all(
        c,
        "DELETE FROM mark t USING unnest($1::uuid[], $2::uuid[], $3::date[]) \
           AS n (school_id, mark_id, date) \
         WHERE t.school_id = n.school_id AND t.mark_id = n.mark_id AND t.date = n.date",
        &removed.marks,
        |statement, rows| {
            of_school(statement, rows)
                .bind(column(rows, |(_, mark)| mark.id.0))
                .bind(column(rows, |(_, mark)| mark.date))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM attendance t USING unnest($1::uuid[], $2::uuid[], $3::date[], $4::uuid[]) \
           AS n (school_id, pupil_id, date, lesson_id) \
         WHERE t.school_id = n.school_id AND t.pupil_id = n.pupil_id AND t.date = n.date \
           AND t.lesson_id = n.lesson_id",
        &removed.attendance,
        |statement, rows| {
            of_school(statement, rows)
                .bind(column(rows, |(_, row)| row.pupil.0))
                .bind(column(rows, |(_, row)| row.date))
                .bind(column(rows, |(_, row)| row.lesson.0))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM individual_homework t \
         USING unnest($1::uuid[], $2::uuid[], $3::date[], $4::uuid[], $5::integer[]) \
           AS n (school_id, pupil_id, date, lesson_id, position) \
         WHERE t.school_id = n.school_id AND t.pupil_id = n.pupil_id AND t.date = n.date \
           AND t.lesson_id = n.lesson_id AND t.position = n.position",
        &removed.individual_homework,
        |statement, rows| {
            of_school(statement, rows)
                .bind(column(rows, |(_, row)| row.pupil.0))
                .bind(column(rows, |(_, row)| row.date))
                .bind(column(rows, |(_, row)| row.lesson.0))
                .bind(column(rows, |(_, row)| i32::from(row.position)))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM work t USING unnest($1::uuid[], $2::uuid[]) AS n (school_id, work_id) \
         WHERE t.school_id = n.school_id AND t.work_id = n.work_id",
        &removed.works,
        |statement, rows| of_school(statement, rows).bind(column(rows, |(_, work)| work.id.0)),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM lesson t USING unnest($1::uuid[], $2::uuid[], $3::date[]) \
           AS n (school_id, lesson_id, date) \
         WHERE t.school_id = n.school_id AND t.lesson_id = n.lesson_id AND t.date = n.date",
        &removed.lessons,
        |statement, rows| {
            of_school(statement, rows)
                .bind(column(rows, |(_, lesson)| lesson.id.0))
                .bind(column(rows, |(_, lesson)| lesson.date))
        },
    )
    .await
}
