//! Schools, classes and the people in them.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Weekday};
use eschool_core::{
    archive::YearState,
    calendar::{Bell, CalendarRule, CalendarSpan, Term, TermKind, TimetableLesson},
    id::{AccountId, ClassId, PersonId, SchoolId},
    identity::{BirthDate, FullName},
    journal::{ClassName, Grading, Stay, Subgroup, SubgroupMembership},
    people::{Duty, Guardianship, Kinship, School, StaffPost},
};
use serde::Deserialize;
use sqlx::{PgConnection, postgres::PgRow};
use uuid::Uuid;

use super::{
    bulk::column,
    identity::claim,
    value::{Columns, failed, from_json, range},
};
use crate::backend::{
    AsParent, BackendError, Child, DiaryCover, DutyRow, Member, RefusedRow, Registry, SchoolClass,
    SchoolFrame, StoredAccount,
};

/// Reads every row of a statement that a school's id is bound to.
macro_rules! of_school {
    ($connection:expr, $school:expr, $statement:expr, $read:expr) => {
        sqlx::query($statement)
            .bind($school.0)
            .fetch_all(&mut *$connection)
            .await
            .map_err(failed)?
            .iter()
            .map($read)
            .collect::<Result<Vec<_>, BackendError>>()
    };
}

pub(super) async fn schools(connection: &mut PgConnection) -> Result<Vec<School>, BackendError> {
    sqlx::query(
        "SELECT school_id, name, founder, municipality, time_zone, login_prefix FROM school \
         ORDER BY name, school_id",
    )
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| a_school(&mut Columns::of(row)))
    .collect()
}

pub(super) async fn school(
    connection: &mut PgConnection,
    id: SchoolId,
) -> Result<Option<School>, BackendError> {
    let row = sqlx::query(
        "SELECT school_id, name, founder, municipality, time_zone, login_prefix FROM school \
         WHERE school_id = $1",
    )
    .bind(id.0)
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.map(|row| a_school(&mut Columns::of(&row))).transpose()
}

fn a_school(columns: &mut Columns<'_>) -> Result<School, BackendError> {
    Ok(School {
        id: SchoolId(columns.take()?),
        name: columns.take()?,
        founder: columns.take()?,
        municipality: columns.take()?,
        time_zone: columns.take()?,
        login_prefix: columns.take()?,
    })
}

/// A pupil's name with the school, the stays, their classes and the terms, and what ties a parent to
/// the pupil.
///
/// How many accounts the parent has is hidden from the planner. A plan for one account, or for none,
/// would look so much cheaper to it than one for any number that it planned each reading anew, which
/// takes longer than the reading.
pub(super) const COVER: &str = "\
SELECT s.school_id, s.name, s.founder, s.municipality, s.time_zone, s.login_prefix,
  a.family, a.given, a.patronymic, a.birth_date,
  (SELECT coalesce(json_agg(json_build_array(class_id, from_date, to_date)
     ORDER BY from_date, class_id), '[]')::text
   FROM stay WHERE school_id = $1 AND pupil_id = $2),
  (SELECT coalesce(json_agg(json_build_array(class_id, year, name) ORDER BY year, name), '[]')::text
   FROM school_class WHERE school_id = $1 AND class_id IN
     (SELECT class_id FROM stay WHERE school_id = $1 AND pupil_id = $2)),
  (SELECT coalesce(json_agg(json_build_array(grade, name, kind, from_date, to_date)
     ORDER BY position), '[]')::text
   FROM term WHERE school_id = $1),
  (SELECT rules FROM grading WHERE school_id = $1),
  (SELECT coalesce(json_agg(json_build_array(year, state) ORDER BY year), '[]')::text
   FROM year_archive WHERE school_id = $1),
  (SELECT coalesce(json_agg(json_build_array(g.parent_id, g.kinship, g.legal_representative,
     g.from_date, g.to_date, g.barred) ORDER BY g.parent_id), '[]')::text
   FROM guardianship g JOIN account p ON p.school_id = g.school_id AND p.account_id = g.parent_id
   WHERE (SELECT count(*) FROM unnest($4::uuid[])) > 0 AND g.school_id = $1 AND g.child_id = $2
     AND (p.person_id = $3 OR p.person_id IN
       (SELECT person_id FROM account WHERE school_id = $1 AND account_id = ANY (ARRAY(SELECT unnest($4))))))
FROM account a JOIN school s ON s.school_id = a.school_id
WHERE a.school_id = $1 AND a.account_id = $2";

/// Stays, classes, terms and bonds come as JSON arrays, so that the cover is one statement.
pub(super) async fn cover(
    connection: &mut PgConnection,
    school: SchoolId,
    pupil: AccountId,
    parent: Option<AsParent<'_>>,
) -> Result<Option<DiaryCover>, BackendError> {
    #[derive(Deserialize)]
    struct StayRow(Uuid, NaiveDate, Option<NaiveDate>);
    #[derive(Deserialize)]
    struct ClassRow(Uuid, i32, ClassName);
    #[derive(Deserialize)]
    struct TermRow(u8, String, TermKind, NaiveDate, NaiveDate);
    #[derive(Deserialize)]
    struct BondRow(Uuid, String, Option<bool>, Option<NaiveDate>, Option<NaiveDate>, bool);

    let (person, accounts) = parent.map(|it| (it.person.0, it.accounts)).unwrap_or_default();
    let row = sqlx::query(COVER)
        .bind(school.0)
        .bind(pupil.0)
        .bind(person)
        .bind(column(accounts, |account| account.0))
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    let mut columns = Columns::of(&row);
    Ok(Some(DiaryCover {
        school: a_school(&mut columns)?,
        name: a_name(&mut columns)?,
        birth_date: birth_date(&mut columns)?,
        stays: columns.each("stay", |StayRow(class, from, to)| {
            Ok(Stay { pupil, class: ClassId(class), from, to })
        })?,
        classes: columns.each("class", |ClassRow(id, year, name)| {
            Ok(SchoolClass { id: ClassId(id), school, year, name })
        })?,
        terms: columns.each("term", |TermRow(grade, name, kind, from, to)| {
            Ok(Term { grade, name, kind, days: range(from, to)? })
        })?,
        grading: columns
            .take::<Option<&str>>()?
            .map_or_else(|| Ok(Grading::default()), |json| from_json(json, "grading"))?,
        archives: columns.each("state of a year", |(year, state): (i32, String)| {
            let state = YearState::from_code(&state);
            Ok((year, state.ok_or(BackendError::Corrupt("state of a year"))?))
        })?,
        bonds: columns.each("bond", |BondRow(parent, kinship, legal, from, until, barred)| {
            Ok(Guardianship {
                parent: AccountId(parent),
                child: pupil,
                kinship: Kinship::from(kinship.as_str()),
                legal_representative: legal,
                from,
                until,
                barred,
            })
        })?,
    }))
}

pub(super) async fn classes(
    connection: &mut PgConnection,
    school: SchoolId,
) -> Result<Vec<SchoolClass>, BackendError> {
    of_school!(
        connection,
        school,
        "SELECT class_id, school_id, year, name FROM school_class WHERE school_id = $1 \
         ORDER BY year, name",
        |row| {
            let mut columns = Columns::of(row);
            Ok(SchoolClass {
                id: ClassId(columns.take()?),
                school: SchoolId(columns.take()?),
                year: columns.number("year")?,
                name: columns.parse("class")?,
            })
        }
    )
}

pub(super) async fn frame(
    connection: &mut PgConnection,
    school: SchoolId,
) -> Result<SchoolFrame, BackendError> {
    let calendar = of_school!(
        connection,
        school,
        "SELECT from_date, to_date, rule, name FROM calendar_span WHERE school_id = $1 \
         ORDER BY position",
        |row| {
            let mut columns = Columns::of(row);
            Ok(CalendarSpan {
                days: columns.range()?,
                rule: columns.json::<CalendarRule>("calendar rule")?,
                name: columns.take()?,
            })
        }
    )?;
    let terms = of_school!(
        connection,
        school,
        "SELECT grade, name, kind, from_date, to_date FROM term WHERE school_id = $1 \
         ORDER BY position",
        |row| {
            let mut columns = Columns::of(row);
            Ok(Term {
                grade: columns.number("grade")?,
                name: columns.take()?,
                kind: TermKind::from(columns.take::<&str>()?),
                days: columns.range()?,
            })
        }
    )?;
    let bells = of_school!(
        connection,
        school,
        "SELECT number, begins, ends FROM bell WHERE school_id = $1 ORDER BY position",
        |row| {
            let mut columns = Columns::of(row);
            Ok(Bell {
                number: columns.number("lesson number")?,
                begins: columns.time()?,
                ends: columns.time()?,
            })
        }
    )?;
    let timetable = of_school!(
        connection,
        school,
        "SELECT class_id, subgroup, weekday, number, subject, teacher, room \
         FROM timetable_lesson WHERE school_id = $1 ORDER BY position",
        |row| {
            let mut columns = Columns::of(row);
            Ok(TimetableLesson {
                class: ClassId(columns.take()?),
                subgroup: columns.take::<Option<String>>()?.map(Subgroup),
                weekday: columns.parse::<Weekday>("weekday")?,
                number: columns.number("lesson number")?,
                subject: columns.take()?,
                teacher: columns.take()?,
                room: columns.take()?,
            })
        }
    )?;
    Ok(SchoolFrame { calendar, terms, bells, timetable })
}

pub(super) async fn registry(
    connection: &mut PgConnection,
    school: SchoolId,
) -> Result<Registry, BackendError> {
    Ok(Registry {
        classes: classes(connection, school).await?,
        accounts: of_school!(
            connection,
            school,
            "SELECT account_id, school_id, person_id, family, given, patronymic, birth_date, \
                    snils_sealed, phone_sealed, email_sealed \
             FROM account WHERE school_id = $1 ORDER BY account_id",
            account
        )?,
        claims: of_school!(
            connection,
            school,
            "SELECT key_hash, kind, school_id, account_id, person_id, value_sealed FROM claim \
             WHERE school_id = $1 ORDER BY key_hash, kind, account_id",
            claim
        )?,
        stays: of_school!(
            connection,
            school,
            "SELECT pupil_id, class_id, from_date, to_date FROM stay WHERE school_id = $1 \
             ORDER BY pupil_id, from_date, class_id",
            stay
        )?,
        subgroups: of_school!(
            connection,
            school,
            "SELECT pupil_id, class_id, subject, subgroup, from_date, to_date \
             FROM subgroup_membership WHERE school_id = $1 \
             ORDER BY pupil_id, from_date, class_id, subject",
            |row| {
                let mut columns = Columns::of(row);
                Ok(SubgroupMembership {
                    pupil: AccountId(columns.take()?),
                    class: ClassId(columns.take()?),
                    subject: Some(columns.take::<String>()?).filter(|s| !s.is_empty()),
                    subgroup: Subgroup(columns.take()?),
                    from: columns.take()?,
                    to: columns.take()?,
                })
            }
        )?,
        guardianships: of_school!(
            connection,
            school,
            "SELECT parent_id, child_id, kinship, legal_representative, from_date, to_date, barred \
             FROM guardianship WHERE school_id = $1 ORDER BY parent_id, child_id",
            |row| guardianship(&mut Columns::of(row))
        )?,
        staff: of_school!(
            connection,
            school,
            "SELECT account_id, subject, class_teacher_of, to_date FROM staff_post \
             WHERE school_id = $1 ORDER BY account_id, subject",
            post
        )?,
        duties: of_school!(
            connection,
            school,
            "SELECT account_id, duty, since FROM duty WHERE school_id = $1 \
             ORDER BY account_id, duty",
            duty
        )?,
        refused_rows: of_school!(
            connection,
            school,
            "SELECT school_id, file, line, column_name, code, typed_sealed FROM refused_row \
             WHERE school_id = $1 ORDER BY file, line",
            |row| {
                let mut columns = Columns::of(row);
                Ok(RefusedRow {
                    school: SchoolId(columns.take()?),
                    file: columns.take()?,
                    line: columns.long("line")?,
                    column: columns.take()?,
                    code: columns.take()?,
                    typed: columns.sealed()?.ok_or(BackendError::Corrupt("refused row"))?,
                })
            }
        )?,
    })
}

/// Each account with its rows; a few small look-ups by key for each.
pub(super) async fn members(
    connection: &mut PgConnection,
    accounts: &[(SchoolId, AccountId)],
) -> Result<Vec<Member>, BackendError> {
    let mut members = Vec::with_capacity(accounts.len());
    for (school, id) in accounts {
        if let Some(member) = member(connection, *school, *id).await? {
            members.push(member);
        }
    }
    Ok(members)
}

async fn member(
    connection: &mut PgConnection,
    school: SchoolId,
    id: AccountId,
) -> Result<Option<Member>, BackendError> {
    let row = sqlx::query(
        "SELECT account_id, school_id, person_id, family, given, patronymic, birth_date, \
                snils_sealed, phone_sealed, email_sealed \
         FROM account WHERE school_id = $1 AND account_id = $2",
    )
    .bind(school.0)
    .bind(id.0)
    .fetch_optional(&mut *connection)
    .await
    .map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    let stays = sqlx::query(
        "SELECT pupil_id, class_id, from_date, to_date FROM stay \
         WHERE school_id = $1 AND pupil_id = $2 ORDER BY from_date, class_id",
    )
    .bind(school.0)
    .bind(id.0)
    .fetch_all(&mut *connection)
    .await
    .map_err(failed)?;
    let children = sqlx::query(
        "SELECT g.parent_id, g.child_id, g.kinship, g.legal_representative, g.from_date, \
                g.to_date, g.barred, a.birth_date, s.class_id, s.from_date, s.to_date \
         FROM guardianship g \
         LEFT JOIN account a ON a.school_id = g.school_id AND a.account_id = g.child_id \
         LEFT JOIN stay s ON s.school_id = g.school_id AND s.pupil_id = g.child_id \
         WHERE g.school_id = $1 AND g.parent_id = $2 ORDER BY g.child_id, s.from_date, s.class_id",
    )
    .bind(school.0)
    .bind(id.0)
    .fetch_all(&mut *connection)
    .await
    .map_err(failed)?;
    let posts = sqlx::query(
        "SELECT account_id, subject, class_teacher_of, to_date FROM staff_post \
         WHERE school_id = $1 AND account_id = $2 ORDER BY subject",
    )
    .bind(school.0)
    .bind(id.0)
    .fetch_all(&mut *connection)
    .await
    .map_err(failed)?;
    let duties = sqlx::query(
        "SELECT account_id, duty, since FROM duty \
         WHERE school_id = $1 AND account_id = $2 ORDER BY duty",
    )
    .bind(school.0)
    .bind(id.0)
    .fetch_all(&mut *connection)
    .await
    .map_err(failed)?;
    Ok(Some(Member {
        account: account(&row)?,
        stays: stays.iter().map(stay).collect::<Result<_, _>>()?,
        children: children_of(&children)?,
        posts: posts.iter().map(post).collect::<Result<_, _>>()?,
        duties: duties.iter().map(duty).collect::<Result<_, _>>()?,
    }))
}

/// One row per child and stay becomes one child with its stays.
fn children_of(rows: &[PgRow]) -> Result<Vec<Child>, BackendError> {
    let mut children = BTreeMap::new();
    for row in rows {
        let mut columns = Columns::of(row);
        let bond = guardianship(&mut columns)?;
        let birth_date = birth_date(&mut columns)?;
        let class: Option<Uuid> = columns.take()?;
        let (from, to) = (columns.take()?, columns.take()?);
        let child = bond.child;
        let known = children.entry(child).or_insert_with(|| Child {
            guardianship: bond,
            birth_date,
            stays: Vec::new(),
        });
        if let (Some(class), Some(from)) = (class, from) {
            known.stays.push(Stay { pupil: child, class: ClassId(class), from, to });
        }
    }
    Ok(children.into_values().collect())
}

fn account(row: &PgRow) -> Result<StoredAccount, BackendError> {
    let mut columns = Columns::of(row);
    Ok(StoredAccount {
        id: AccountId(columns.take()?),
        school: SchoolId(columns.take()?),
        person: PersonId(columns.take()?),
        name: a_name(&mut columns)?,
        birth_date: birth_date(&mut columns)?,
        snils: columns.sealed()?,
        phone: columns.sealed()?,
        email: columns.sealed()?,
    })
}

pub(super) fn a_name(columns: &mut Columns<'_>) -> Result<FullName, BackendError> {
    let (family, given): (&str, &str) = (columns.take()?, columns.take()?);
    let patronymic = columns.json("patronymic")?;
    FullName::of_parts(family, given, patronymic).map_err(|_| BackendError::Corrupt("name"))
}

pub(super) fn birth_date(columns: &mut Columns<'_>) -> Result<Option<BirthDate>, BackendError> {
    columns
        .take::<Option<NaiveDate>>()?
        .map(|date| BirthDate::new(date).map_err(|_| BackendError::Corrupt("birth date")))
        .transpose()
}

pub(super) fn stay(row: &PgRow) -> Result<Stay, BackendError> {
    let mut columns = Columns::of(row);
    Ok(Stay {
        pupil: AccountId(columns.take()?),
        class: ClassId(columns.take()?),
        from: columns.take()?,
        to: columns.take()?,
    })
}

fn guardianship(columns: &mut Columns<'_>) -> Result<Guardianship, BackendError> {
    Ok(Guardianship {
        parent: AccountId(columns.take()?),
        child: AccountId(columns.take()?),
        kinship: Kinship::from(columns.take::<&str>()?),
        legal_representative: columns.take()?,
        from: columns.take()?,
        until: columns.take()?,
        barred: columns.take()?,
    })
}

fn post(row: &PgRow) -> Result<StaffPost, BackendError> {
    let mut columns = Columns::of(row);
    Ok(StaffPost {
        account: AccountId(columns.take()?),
        subject: columns.take()?,
        class_teacher_of: columns.take::<Option<_>>()?.map(ClassId),
        until: columns.take()?,
    })
}

fn duty(row: &PgRow) -> Result<DutyRow, BackendError> {
    let mut columns = Columns::of(row);
    Ok(DutyRow {
        account: AccountId(columns.take()?),
        duty: Duty::from(columns.take::<&str>()?),
        since: columns.take()?,
    })
}
