//! Schools, classes, frames.

use sqlx::PgConnection;

use crate::{
    backend::{BackendError, Changes, SchoolFrame},
    postgres::{
        bulk::{column, latest, write_all},
        value::{failed, to_json},
    },
};

pub(super) async fn apply(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO school (school_id, name, founder, municipality, time_zone, login_prefix) \
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], \
           $6::text[]) \
         ON CONFLICT (school_id) DO UPDATE SET name = excluded.name, founder = excluded.founder, \
           municipality = excluded.municipality, time_zone = excluded.time_zone, \
           login_prefix = excluded.login_prefix",
        &latest(&changes.schools, |school| school.id),
        |statement, rows| {
            statement
                .bind(column(rows, |s| s.id.0))
                .bind(column(rows, |s| s.name.as_str()))
                .bind(column(rows, |s| s.founder.as_str()))
                .bind(column(rows, |s| s.municipality.as_str()))
                .bind(column(rows, |s| s.time_zone.as_str()))
                .bind(column(rows, |s| s.login_prefix.as_str()))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO school_class (school_id, class_id, year, name) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[]) \
         ON CONFLICT (school_id, class_id) DO UPDATE SET year = excluded.year, \
           name = excluded.name",
        &latest(&changes.classes, |class| (class.school, class.id)),
        |statement, rows| {
            statement
                .bind(column(rows, |class| class.school.0))
                .bind(column(rows, |class| class.id.0))
                .bind(column(rows, |class| class.year))
                .bind(column(rows, |class| class.name.to_string()))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO unfinished_journal (school_id, class_id) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[]) \
         ON CONFLICT (school_id, class_id) DO NOTHING",
        &latest(&changes.unfinished_journals, |key| *key),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, class)| class.0))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM unfinished_journal t USING unnest($1::uuid[], $2::uuid[]) \
           AS n (school_id, class_id) \
         WHERE t.school_id = n.school_id AND t.class_id = n.class_id",
        &changes.finished_journals,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, class)| class.0))
        },
    )
    .await?;
    for (school, new) in &changes.frames {
        frame(c, school.0, new).await?;
    }
    let gradings = latest(&changes.gradings, |(school, _)| *school);
    let rules: Result<Vec<_>, _> = gradings.iter().map(|(_, grading)| to_json(grading)).collect();
    let rows: Vec<_> = gradings.into_iter().zip(rules?).collect();
    write_all(
        c,
        "INSERT INTO grading (school_id, rules) SELECT * FROM unnest($1::uuid[], $2::text[]) \
         ON CONFLICT (school_id) DO UPDATE SET rules = excluded.rules",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |((school, _), _)| school.0))
                .bind(column(rows, |(_, rules)| rules.as_str()))
        },
    )
    .await
}

/// A frame is small: the old one goes, the new one comes.
async fn frame(
    c: &mut PgConnection,
    school: uuid::Uuid,
    frame: &SchoolFrame,
) -> Result<(), BackendError> {
    for statement in [
        "DELETE FROM calendar_span WHERE school_id = $1",
        "DELETE FROM term WHERE school_id = $1",
        "DELETE FROM bell WHERE school_id = $1",
        "DELETE FROM timetable_lesson WHERE school_id = $1",
    ] {
        sqlx::query(statement).bind(school).execute(&mut *c).await.map_err(failed)?;
    }
    let rules: Result<Vec<_>, _> = frame.calendar.iter().map(|span| to_json(&span.rule)).collect();
    let spans: Vec<_> = (0_i32..).zip(frame.calendar.iter().zip(rules?)).collect();
    write_all(
        c,
        "INSERT INTO calendar_span (school_id, position, from_date, to_date, rule, name) \
         SELECT * FROM unnest($1::uuid[], $2::integer[], $3::date[], $4::date[], $5::text[], \
           $6::text[])",
        &spans,
        |statement, rows| {
            statement
                .bind(column(rows, |_| school))
                .bind(column(rows, |(i, _)| *i))
                .bind(column(rows, |(_, (span, _))| span.days.from()))
                .bind(column(rows, |(_, (span, _))| span.days.to()))
                .bind(column(rows, |(_, (_, rule))| rule.as_str()))
                .bind(column(rows, |(_, (span, _))| span.name.as_str()))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO term (school_id, position, grade, name, kind, from_date, to_date) \
         SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::text[], \
           $6::date[], $7::date[])",
        &(0_i32..).zip(&frame.terms).collect::<Vec<_>>(),
        |statement, rows| {
            statement
                .bind(column(rows, |_| school))
                .bind(column(rows, |(i, _)| *i))
                .bind(column(rows, |(_, term)| i32::from(term.grade)))
                .bind(column(rows, |(_, term)| term.name.as_str()))
                .bind(column(rows, |(_, term)| term.kind.as_str()))
                .bind(column(rows, |(_, term)| term.days.from()))
                .bind(column(rows, |(_, term)| term.days.to()))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO bell (school_id, position, number, begins, ends) \
         SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::time[], $5::time[])",
        &(0_i32..).zip(&frame.bells).collect::<Vec<_>>(),
        |statement, rows| {
            statement
                .bind(column(rows, |_| school))
                .bind(column(rows, |(i, _)| *i))
                .bind(column(rows, |(_, bell)| i32::from(bell.number)))
                .bind(column(rows, |(_, bell)| bell.begins))
                .bind(column(rows, |(_, bell)| bell.ends))
        },
    )
    .await?;
    timetable(c, school, frame).await
}

async fn timetable(
    c: &mut PgConnection,
    school: uuid::Uuid,
    frame: &SchoolFrame,
) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO timetable_lesson \
           (school_id, class_id, position, subgroup, weekday, number, subject, teacher, room) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[], \
           $6::integer[], $7::text[], $8::text[], $9::text[])",
        &(0_i32..).zip(&frame.timetable).collect::<Vec<_>>(),
        |statement, rows| {
            statement
                .bind(column(rows, |_| school))
                .bind(column(rows, |(_, l)| l.class.0))
                .bind(column(rows, |(i, _)| *i))
                .bind(column(rows, |(_, l)| l.subgroup.as_ref().map(|part| part.0.as_str())))
                .bind(column(rows, |(_, l)| l.weekday.to_string()))
                .bind(column(rows, |(_, l)| i32::from(l.number)))
                .bind(column(rows, |(_, l)| l.subject.as_str()))
                .bind(column(rows, |(_, l)| l.teacher.as_str()))
                .bind(column(rows, |(_, l)| l.room.as_str()))
        },
    )
    .await
}
