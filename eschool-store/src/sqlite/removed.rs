//! Taking rows away.

use sqlx::SqliteConnection;

use super::bulk::{hex, id, write_all};
use crate::backend::{BackendError, Removed};

/// Takes rows away, before any other is written.
pub(super) async fn removed(
    c: &mut SqliteConnection,
    removed: &Removed,
) -> Result<(), BackendError> {
    people(c, removed).await?;
    journal(c, removed).await
}

async fn people(c: &mut SqliteConnection, removed: &Removed) -> Result<(), BackendError> {
    write_all(
        c,
        "DELETE FROM claim WHERE (key_hash, kind, school_id, account_id) IN \
           (SELECT unhex(value->>0), value->>1, unhex(value->>2), unhex(value->>3) \
            FROM json_each(?1))",
        removed.claims.iter().map(|claim| {
            let (school, account) = (id(claim.school.0), id(claim.account.0));
            (hex(&claim.key.0), claim.kind.code(), school, account)
        }),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM shared_phone WHERE key_hash IN \
           (SELECT unhex(value->>0) FROM json_each(?1))",
        removed.shared_phones.iter().map(|key| (hex(&key.0),)),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM stay WHERE (school_id, pupil_id, class_id, from_date) IN \
           (SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), value->>3 \
            FROM json_each(?1))",
        removed
            .stays
            .iter()
            .map(|(school, stay)| (id(school.0), id(stay.pupil.0), id(stay.class.0), stay.from)),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM subgroup_membership \
         WHERE (school_id, pupil_id, class_id, subject, from_date) IN \
           (SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), value->>3, value->>4 \
            FROM json_each(?1))",
        removed.subgroups.iter().map(|(school, part)| {
            let subject = part.subject.as_deref().unwrap_or_default();
            (id(school.0), id(part.pupil.0), id(part.class.0), subject, part.from)
        }),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM guardianship WHERE (school_id, parent_id, child_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2) FROM json_each(?1))",
        removed
            .guardianships
            .iter()
            .map(|(school, bond)| (id(school.0), id(bond.parent.0), id(bond.child.0))),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM staff_post WHERE (school_id, account_id, subject) IN \
           (SELECT unhex(value->>0), unhex(value->>1), value->>2 FROM json_each(?1))",
        removed
            .staff
            .iter()
            .map(|(school, post)| (id(school.0), id(post.account.0), &post.subject)),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM school_class WHERE (school_id, class_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        removed.classes.iter().map(|class| (id(class.school.0), id(class.id.0))),
    )
    .await
}

async fn journal(c: &mut SqliteConnection, removed: &Removed) -> Result<(), BackendError> {
    write_all(
        c,
        "DELETE FROM mark WHERE (school_id, mark_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        removed.marks.iter().map(|(school, mark)| (id(school.0), id(mark.id.0))),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM attendance WHERE (school_id, lesson_id, pupil_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2) FROM json_each(?1))",
        removed
            .attendance
            .iter()
            .map(|(school, row)| (id(school.0), id(row.lesson.0), id(row.pupil.0))),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM individual_homework WHERE (school_id, lesson_id, pupil_id, position) IN \
           (SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), value->>3 \
            FROM json_each(?1))",
        removed
            .individual_homework
            .iter()
            .map(|(school, row)| (id(school.0), id(row.lesson.0), id(row.pupil.0), row.position)),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM work WHERE (school_id, work_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        removed.works.iter().map(|(school, work)| (id(school.0), id(work.id.0))),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM lesson WHERE (school_id, lesson_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        removed.lessons.iter().map(|(school, lesson)| (id(school.0), id(lesson.id.0))),
    )
    .await
}
