//! The journal of a class, and the slice of it that a pupil's diary is made of.

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{
    calendar::{Bell, CalendarRule, CalendarSpan, DateRange, TimetableLesson},
    diary::{DiarySlice, JournalEnd, UpcomingLesson},
    id::{AccountId, ClassId, LessonId, MarkId, SchoolId, WorkId},
    journal::{
        Attendance, AttendanceClass, FinalKind, FinalMark, Homework, IndividualHomework, Lesson,
        Mark, MarkValue, Material, Remark, Stay, Subgroup, SubgroupMembership, Weight, Work,
        WorkKind,
    },
};
use serde::Deserialize;
use sqlx::{PgConnection, postgres::PgRow};
use uuid::Uuid;

use super::value::{Columns, failed, from_json, range, subgroup};
use crate::backend::{BackendError, ClassJournal, IndividualHomeworkRow, RemarkRow};

pub(super) async fn journal_days(
    connection: &mut PgConnection,
    school: SchoolId,
    class: ClassId,
    days: Option<DateRange>,
) -> Result<ClassJournal, BackendError> {
    let (first, last) = (days.map(|days| days.from()), days.map(|days| days.to()));

    /// Runs a statement that a school's and a class's ids and the days are bound to.
    macro_rules! of_class {
        ($statement:expr, $read:expr) => {
            sqlx::query($statement)
                .bind(school.0)
                .bind(class.0)
                .bind(first)
                .bind(last)
                .fetch_all(&mut *connection)
                .await
                .map_err(failed)?
                .iter()
                .map($read)
                .collect::<Result<Vec<_>, BackendError>>()?
        };
    }

    Ok(ClassJournal {
        lessons: of_class!(
            "SELECT lesson_id, class_id, subgroup, date, number, subject, instead_of, cancelled, \
                    distant, teacher, room, topic, homework, homework_due, materials, written_at \
             FROM lesson WHERE school_id = $1 AND class_id = $2 AND date BETWEEN \
               coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity') \
             ORDER BY date, number, subgroup",
            lesson
        ),
        works: of_class!(
            "SELECT w.work_id, w.lesson_id, w.kind, w.title, w.weight FROM lesson l \
             JOIN work w ON w.school_id = l.school_id AND w.lesson_id = l.lesson_id \
             WHERE l.school_id = $1 AND l.class_id = $2 AND l.date BETWEEN \
               coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity') \
             ORDER BY w.work_id",
            |row| work(&mut Columns::of(row))
        ),
        former_works: of_class!(
            "SELECT DISTINCT w.work_id, w.lesson_id, w.kind, w.title, w.weight FROM lesson l \
             JOIN mark m ON m.school_id = l.school_id AND m.lesson_id = l.lesson_id \
             JOIN work w ON w.school_id = m.school_id AND w.work_id = m.work_id \
             LEFT JOIN lesson o ON o.school_id = w.school_id AND o.lesson_id = w.lesson_id \
               AND o.class_id = $2 AND o.date BETWEEN \
                 coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity') \
             WHERE l.school_id = $1 AND l.class_id = $2 AND l.date BETWEEN \
               coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity') \
               AND w.lesson_id <> m.lesson_id AND o.lesson_id IS NULL \
             ORDER BY w.work_id",
            |row| work(&mut Columns::of(row))
        ),
        marks: of_class!(
            "SELECT m.mark_id, m.pupil_id, m.lesson_id, m.date, m.work_id, m.value, m.comment, \
                    m.written_at FROM lesson l \
             JOIN mark m ON m.school_id = l.school_id AND m.lesson_id = l.lesson_id \
             WHERE l.school_id = $1 AND l.class_id = $2 AND l.date BETWEEN \
               coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity') \
             ORDER BY m.mark_id",
            mark
        ),
        attendance: of_class!(
            "SELECT a.pupil_id, a.lesson_id, a.date, a.code, a.class FROM lesson l \
             JOIN attendance a ON a.school_id = l.school_id AND a.lesson_id = l.lesson_id \
             WHERE l.school_id = $1 AND l.class_id = $2 AND l.date BETWEEN \
               coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity') \
             ORDER BY a.pupil_id, a.date, a.lesson_id",
            attendance
        ),
        individual_homework: of_class!(
            "SELECT h.lesson_id, h.pupil_id, h.date, h.position, h.text, h.due, h.materials \
             FROM lesson l JOIN individual_homework h \
               ON h.school_id = l.school_id AND h.lesson_id = l.lesson_id \
             WHERE l.school_id = $1 AND l.class_id = $2 AND l.date BETWEEN \
               coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity') \
             ORDER BY h.pupil_id, h.date, h.lesson_id, h.position",
            individual_homework
        ),
        remarks: of_class!(
            "SELECT r.lesson_id, r.pupil_id, r.date, r.position, r.text FROM lesson l \
             JOIN remark r ON r.school_id = l.school_id AND r.lesson_id = l.lesson_id \
             WHERE l.school_id = $1 AND l.class_id = $2 AND l.date BETWEEN \
               coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity') \
             ORDER BY r.pupil_id, r.date, r.lesson_id, r.position",
            remark
        ),
    })
}

pub(super) async fn finals(
    connection: &mut PgConnection,
    school: SchoolId,
    pupil: AccountId,
) -> Result<Vec<FinalMark>, BackendError> {
    sqlx::query(
        "SELECT pupil_id, subject, kind, term, year, value FROM final_mark \
         WHERE school_id = $1 AND pupil_id = $2 ORDER BY year, subject, kind, term",
    )
    .bind(school.0)
    .bind(pupil.0)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(final_mark)
    .collect()
}

pub(super) async fn school_finals(
    connection: &mut PgConnection,
    school: SchoolId,
) -> Result<Vec<FinalMark>, BackendError> {
    sqlx::query(
        "SELECT pupil_id, subject, kind, term, year, value FROM final_mark \
         WHERE school_id = $1 ORDER BY pupil_id, year, subject, kind, term",
    )
    .bind(school.0)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(final_mark)
    .collect()
}

/// Two statements: what the days are made of and what is the pupil's own, then the lessons of the
/// classes.
pub(super) async fn diary_slice(
    connection: &mut PgConnection,
    school: SchoolId,
    pupil: AccountId,
    days: DateRange,
) -> Result<DiarySlice, BackendError> {
    let context = sqlx::query(CONTEXT)
        .bind(school.0)
        .bind(pupil.0)
        .bind(days.from())
        .bind(days.to())
        .bind(MarkValue::Debt.to_string())
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    let lessons = sqlx::query(LESSONS)
        .bind(school.0)
        .bind(pupil.0)
        .bind(days.from())
        .bind(days.to())
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    let lessons = lessons.iter().map(lesson).collect::<Result<_, _>>()?;
    let mut slice = DiarySlice {
        pupil,
        stays: Vec::new(),
        subgroups: Vec::new(),
        calendar: Vec::new(),
        bells: Vec::new(),
        timetable: Vec::new(),
        journal_ends: Vec::new(),
        lessons,
        upcoming: Vec::new(),
        works: Vec::new(),
        marks: Vec::new(),
        attendance: Vec::new(),
        individual_homework: Vec::new(),
        remarks: Vec::new(),
    };
    let mut columns = Columns::of(&context);
    read_context(&mut columns, &mut slice)?;
    read_own(&mut columns, &mut slice)?;
    Ok(slice)
}

/// Everything about a pupil's days that is not a lesson of the range, each kind as a JSON array: what
/// the days are made of, then what is the pupil's own.
///
/// Later marks for what is owed are found among all of the pupil's after the range. Where nothing is
/// owed, their date is compared with null, and none of them is looked at.
pub(super) const CONTEXT: &str = "\
WITH owed AS
  (SELECT work_id FROM mark
   WHERE school_id = $1 AND pupil_id = $2 AND date BETWEEN $3 AND $4 AND value = $5),
own_class AS
  (SELECT DISTINCT class_id FROM stay WHERE school_id = $1 AND pupil_id = $2)
SELECT
  (SELECT coalesce(json_agg(json_build_array(class_id, from_date, to_date)
     ORDER BY from_date, class_id), '[]')::text
   FROM stay WHERE school_id = $1 AND pupil_id = $2),
  (SELECT coalesce(json_agg(json_build_array(class_id, subject, subgroup, from_date, to_date)
     ORDER BY from_date, class_id, subject), '[]')::text
   FROM subgroup_membership WHERE school_id = $1 AND pupil_id = $2),
  (SELECT coalesce(json_agg(json_build_array(from_date, to_date, rule::json, name)
     ORDER BY position), '[]')::text
   FROM calendar_span WHERE school_id = $1),
  (SELECT coalesce(json_agg(json_build_object('number', number, 'begins', begins, 'ends', ends)
     ORDER BY position), '[]')::text
   FROM bell WHERE school_id = $1),
  (SELECT coalesce(json_agg(
     json_build_array(class_id, subgroup, weekday, number, subject, teacher, room)
     ORDER BY position), '[]')::text
   FROM timetable_lesson
   WHERE school_id = $1 AND class_id IN (SELECT class_id FROM own_class)),
  (SELECT coalesce(json_agg(json_build_array(class_id, ends) ORDER BY class_id), '[]')::text FROM
    (SELECT c.class_id, (SELECT max(l.date) FROM lesson l
                         WHERE l.school_id = $1 AND l.class_id = c.class_id) AS ends
     FROM own_class c) journal WHERE ends IS NOT NULL),
  (SELECT coalesce(json_agg(
     json_build_array(class_id, subgroup, subject, nullif(instead_of, ''), date)
     ORDER BY date, class_id, subgroup, subject, instead_of), '[]')::text FROM
    (SELECT DISTINCT class_id, subgroup, subject, instead_of, date FROM
      (SELECT *, min(CASE WHEN plain THEN date END) OVER (PARTITION BY
         class_id, stay_from, member_subject, member_from, subgroup, subject, instead_of) AS last
       FROM
        (SELECT s.class_id, s.from_date AS stay_from, m.subject AS member_subject,
           m.from_date AS member_from, l.subgroup, l.subject,
           coalesce(l.instead_of, '') AS instead_of, l.date,
           extract(isodow FROM l.date) <= 5 AND NOT EXISTS
             (SELECT 1 FROM calendar_span c WHERE c.school_id = $1
                AND l.date BETWEEN c.from_date AND c.to_date) AS plain
         FROM stay s JOIN lesson l ON l.school_id = s.school_id AND l.class_id = s.class_id
           AND l.date > $4 AND l.date >= s.from_date AND (s.to_date IS NULL OR l.date <= s.to_date)
           AND NOT l.cancelled
         LEFT JOIN subgroup_membership m ON m.school_id = s.school_id AND m.pupil_id = s.pupil_id
           AND m.class_id = s.class_id AND l.date >= m.from_date
           AND (m.to_date IS NULL OR l.date <= m.to_date)
         WHERE s.school_id = $1 AND s.pupil_id = $2) later) following
     WHERE last IS NULL OR date <= last) upcoming),
  (SELECT coalesce(json_agg(json_build_array(work_id, lesson_id, kind, title, weight)
     ORDER BY work_id), '[]')::text FROM
    (SELECT DISTINCT w.work_id, w.lesson_id, w.kind, w.title, w.weight
     FROM mark m JOIN work w ON w.school_id = m.school_id AND w.work_id = m.work_id
     WHERE m.school_id = $1 AND m.pupil_id = $2 AND m.date BETWEEN $3 AND $4) works),
  (SELECT coalesce(json_agg(
     json_build_array(mark_id, lesson_id, date, work_id, value, comment, written_at)
     ORDER BY mark_id), '[]')::text FROM
    (SELECT mark_id, lesson_id, date, work_id, value, comment, written_at FROM mark
     WHERE school_id = $1 AND pupil_id = $2 AND date BETWEEN $3 AND $4
     UNION ALL
     SELECT mark_id, lesson_id, date, work_id, value, comment, written_at FROM mark
     WHERE school_id = $1 AND pupil_id = $2 AND date > (SELECT $4 FROM owed LIMIT 1)
       AND work_id IN (SELECT work_id FROM owed)) marks),
  (SELECT coalesce(json_agg(json_build_array(lesson_id, date, code, class)
     ORDER BY date, lesson_id), '[]')::text
   FROM attendance WHERE school_id = $1 AND pupil_id = $2 AND date BETWEEN $3 AND $4),
  (SELECT coalesce(json_agg(json_build_array(lesson_id, text, due, materials::json)
     ORDER BY date, lesson_id, position), '[]')::text
   FROM individual_homework
   WHERE school_id = $1 AND pupil_id = $2 AND date BETWEEN $3 AND $4),
  (SELECT coalesce(json_agg(json_build_array(lesson_id, text)
     ORDER BY date, lesson_id, position), '[]')::text
   FROM remark WHERE school_id = $1 AND pupil_id = $2 AND date BETWEEN $3 AND $4)";

/// The lessons of the pupil's classes in the range.
pub(super) const LESSONS: &str = "\
SELECT l.lesson_id, l.class_id, l.subgroup, l.date, l.number, l.subject, l.instead_of,
  l.cancelled, l.distant, l.teacher, l.room, l.topic, l.homework, l.homework_due, l.materials,
  l.written_at
FROM lesson l WHERE l.school_id = $1 AND l.date BETWEEN $3 AND $4 AND l.class_id IN
  (SELECT class_id FROM stay WHERE school_id = $1 AND pupil_id = $2)
ORDER BY l.date, l.number, l.class_id, l.subgroup";

fn read_context(columns: &mut Columns<'_>, slice: &mut DiarySlice) -> Result<(), BackendError> {
    #[derive(Deserialize)]
    struct StayRow(Uuid, NaiveDate, Option<NaiveDate>);
    #[derive(Deserialize)]
    struct MembershipRow(Uuid, String, String, NaiveDate, Option<NaiveDate>);
    #[derive(Deserialize)]
    struct SpanRow(NaiveDate, NaiveDate, CalendarRule, String);
    #[derive(Deserialize)]
    struct TimetableRow(Uuid, Option<String>, chrono::Weekday, u8, String, String, String);
    #[derive(Deserialize)]
    struct UpcomingRow(Uuid, String, String, Option<String>, NaiveDate);

    let pupil = slice.pupil;
    slice.stays = columns.each("stay", |StayRow(class, from, to)| {
        Ok(Stay { pupil, class: ClassId(class), from, to })
    })?;
    slice.subgroups =
        columns.each("subgroup", |MembershipRow(class, subject, subgroup, from, to)| {
            Ok(SubgroupMembership {
                pupil,
                class: ClassId(class),
                subject: Some(subject).filter(|subject| !subject.is_empty()),
                subgroup: Subgroup(subgroup),
                from,
                to,
            })
        })?;
    slice.calendar = columns.each("calendar", |SpanRow(from, to, rule, name)| {
        Ok(CalendarSpan { days: range(from, to)?, rule, name })
    })?;
    slice.bells = columns.json::<Vec<Bell>>("bell")?;
    slice.timetable = columns.each(
        "timetable",
        |TimetableRow(class, subgroup, weekday, number, subject, teacher, room)| {
            let (class, subgroup) = (ClassId(class), subgroup.map(Subgroup));
            Ok(TimetableLesson { class, subgroup, weekday, number, subject, teacher, room })
        },
    )?;
    slice.journal_ends = columns.each("journal", |(class, date): (Uuid, _)| {
        Ok(JournalEnd { class: ClassId(class), date })
    })?;
    slice.upcoming =
        columns.each("lesson", |UpcomingRow(class, part, subject, instead_of, date)| {
            let (class, subgroup) = (ClassId(class), subgroup(part));
            Ok(UpcomingLesson { class, subgroup, subject, instead_of, date })
        })?;
    Ok(())
}

fn read_own(columns: &mut Columns<'_>, slice: &mut DiarySlice) -> Result<(), BackendError> {
    #[derive(Deserialize)]
    struct WorkRow(Uuid, Uuid, String, String, u32);
    #[derive(Deserialize)]
    struct MarkRow(Uuid, Uuid, NaiveDate, Uuid, MarkValue, Option<String>, DateTime<Utc>);
    #[derive(Deserialize)]
    struct AttendanceRow(Uuid, NaiveDate, String, AttendanceClass);
    #[derive(Deserialize)]
    struct HomeworkRow(Uuid, String, Option<NaiveDate>, Option<Vec<Material>>);

    let pupil = slice.pupil;
    slice.works = columns.each("work", |WorkRow(id, lesson, kind, title, hundredths)| {
        Ok(Work {
            id: WorkId(id),
            lesson: LessonId(lesson),
            kind: WorkKind(kind),
            title,
            weight: weight(hundredths)?,
        })
    })?;
    slice.marks =
        columns.each("mark", |MarkRow(id, lesson, date, work, value, comment, written_at)| {
            Ok(Mark {
                id: MarkId(id),
                pupil,
                lesson: LessonId(lesson),
                date,
                work: WorkId(work),
                value,
                comment,
                written_at,
            })
        })?;
    slice.attendance = columns.each("attendance", |AttendanceRow(lesson, date, code, class)| {
        Ok(Attendance { pupil, lesson: LessonId(lesson), date, code, class })
    })?;
    slice.individual_homework =
        columns.each("homework", |HomeworkRow(lesson, text, due, materials)| {
            Ok(IndividualHomework {
                lesson: LessonId(lesson),
                pupil,
                homework: Homework { text, due, materials: materials.unwrap_or_default() },
            })
        })?;
    slice.remarks = columns.each("remark", |(lesson, text): (Uuid, String)| {
        Ok(Remark { pupil, lesson: LessonId(lesson), text })
    })?;
    Ok(())
}

pub(super) fn lesson(row: &PgRow) -> Result<Lesson, BackendError> {
    read_lesson(&mut Columns::of(row))
}

pub(super) fn read_lesson(columns: &mut Columns<'_>) -> Result<Lesson, BackendError> {
    Ok(Lesson {
        id: LessonId(columns.take()?),
        class: ClassId(columns.take()?),
        subgroup: columns.subgroup()?,
        date: columns.take()?,
        number: columns.number("lesson number")?,
        subject: columns.take()?,
        instead_of: columns.take()?,
        cancelled: columns.take()?,
        distant: columns.take()?,
        teacher: columns.take()?,
        room: columns.take()?,
        topic: columns.take()?,
        homework: {
            let (text, due, with): (Option<String>, _, _) =
                (columns.take()?, columns.take()?, columns.take()?);
            let materials = materials(with)?;
            text.map(|text| Homework { text, due, materials })
        },
        written_at: columns.instant()?,
    })
}

pub(super) fn work(columns: &mut Columns<'_>) -> Result<Work, BackendError> {
    Ok(Work {
        id: WorkId(columns.take()?),
        lesson: LessonId(columns.take()?),
        kind: WorkKind(columns.take()?),
        title: columns.take()?,
        weight: weight(columns.number("weight")?)?,
    })
}

pub(super) fn mark(row: &PgRow) -> Result<Mark, BackendError> {
    let mut columns = Columns::of(row);
    Ok(Mark {
        id: MarkId(columns.take()?),
        pupil: AccountId(columns.take()?),
        lesson: LessonId(columns.take()?),
        date: columns.take()?,
        work: WorkId(columns.take()?),
        value: mark_value(columns.take()?),
        comment: columns.take()?,
        written_at: columns.instant()?,
    })
}

pub(super) fn attendance(row: &PgRow) -> Result<Attendance, BackendError> {
    let mut columns = Columns::of(row);
    Ok(Attendance {
        pupil: AccountId(columns.take()?),
        lesson: LessonId(columns.take()?),
        date: columns.take()?,
        code: columns.take()?,
        class: AttendanceClass::from(columns.take::<&str>()?),
    })
}

pub(super) fn individual_homework(row: &PgRow) -> Result<IndividualHomeworkRow, BackendError> {
    let mut columns = Columns::of(row);
    Ok(IndividualHomeworkRow {
        lesson: LessonId(columns.take()?),
        pupil: AccountId(columns.take()?),
        date: columns.take()?,
        position: columns.number("position")?,
        homework: Homework {
            text: columns.take()?,
            due: columns.take()?,
            materials: materials(columns.take()?)?,
        },
    })
}

pub(super) fn remark(row: &PgRow) -> Result<RemarkRow, BackendError> {
    let mut columns = Columns::of(row);
    Ok(RemarkRow {
        lesson: LessonId(columns.take()?),
        pupil: AccountId(columns.take()?),
        date: columns.take()?,
        position: columns.number("position")?,
        text: columns.take()?,
    })
}

fn materials(json: Option<&str>) -> Result<Vec<Material>, BackendError> {
    json.map_or(Ok(Vec::new()), |json| from_json(json, "materials"))
}

fn weight(hundredths: u32) -> Result<Weight, BackendError> {
    Weight::from_hundredths(hundredths).map_err(|_| BackendError::Corrupt("weight"))
}

pub(super) fn mark_value(text: &str) -> MarkValue {
    text.parse().unwrap_or_else(|_| MarkValue::Unknown(text.into()))
}

pub(super) fn final_mark(row: &PgRow) -> Result<FinalMark, BackendError> {
    let mut columns = Columns::of(row);
    Ok(FinalMark {
        pupil: AccountId(columns.take()?),
        subject: columns.take()?,
        kind: FinalKind::from(columns.take::<&str>()?),
        term: columns.take()?,
        year: columns.number("year")?,
        value: mark_value(columns.take()?),
    })
}
