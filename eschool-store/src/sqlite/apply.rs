//! Writing changes.

use std::collections::HashSet;

use eschool_core::{
    identity::Patronymic,
    journal::{Homework, Material},
    people::{CardRecord, Kinship},
};
use sqlx::SqliteConnection;

use super::{
    apps, archive, audit,
    bulk::{hex, id, write_all},
    family, merges,
    removed::removed,
    value::failed,
    year,
};
use crate::{
    backend::{BackendError, Changes, SchoolFrame},
    secret::{KeyHash, Sealed},
};

/// Each list in the order in which its rows may refer to one another.
pub(super) async fn apply(
    connection: &mut SqliteConnection,
    changes: &Changes,
) -> Result<(), BackendError> {
    archive::removed(connection, &changes.archive).await?;
    removed(connection, &changes.removed).await?;
    year::apply(connection, changes).await?;
    schools(connection, changes).await?;
    people(connection, changes).await?;
    merges::apply(connection, changes).await?;
    bonds(connection, changes).await?;
    cards(connection, changes).await?;
    apps::write(connection, changes).await?;
    sessions(connection, changes).await?;
    refused(connection, changes).await?;
    journal(connection, changes).await?;
    pupils_journal(connection, changes).await?;
    settled(connection, changes).await?;
    family::apply(connection, changes).await?;
    logs(connection, changes).await?;
    archive::apply(connection, &changes.archive).await?;
    audit::apply(connection, changes).await
}

fn sealed(value: Option<&Sealed>) -> Option<String> {
    value.map(|sealed| hex(&sealed.to_bytes()))
}

pub(super) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, BackendError> {
    serde_json::to_string(value).map_err(|_| BackendError::Corrupt("value to write"))
}

async fn schools(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO school (school_id, name, founder, municipality, time_zone, login_prefix) \
         SELECT unhex(value->>0), value->>1, value->>2, value->>3, value->>4, value->>5 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id) DO UPDATE SET name = excluded.name, founder = excluded.founder, \
           municipality = excluded.municipality, time_zone = excluded.time_zone, \
           login_prefix = excluded.login_prefix",
        changes.schools.iter().map(|s| {
            (id(s.id.0), &s.name, &s.founder, &s.municipality, &s.time_zone, &s.login_prefix)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO school_class (school_id, class_id, year, name) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, class_id) DO UPDATE SET year = excluded.year, \
           name = excluded.name",
        changes
            .classes
            .iter()
            .map(|class| (id(class.school.0), id(class.id.0), class.year, class.name.to_string())),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO unfinished_journal (school_id, class_id) \
         SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, class_id) DO NOTHING",
        changes.unfinished_journals.iter().map(|(school, class)| (id(school.0), id(class.0))),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM unfinished_journal WHERE (school_id, class_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        changes.finished_journals.iter().map(|(school, class)| (id(school.0), id(class.0))),
    )
    .await?;
    for (school, new) in &changes.frames {
        frame(c, school.0, new).await?;
    }
    let mut gradings = Vec::with_capacity(changes.gradings.len());
    for (school, grading) in &changes.gradings {
        gradings.push((id(school.0), to_json(grading)?));
    }
    write_all(
        c,
        "INSERT INTO grading (school_id, rules) \
         SELECT unhex(value->>0), value->>1 FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id) DO UPDATE SET rules = excluded.rules",
        gradings.into_iter(),
    )
    .await
}

/// A frame is small: the old one goes, the new one comes.
async fn frame(
    c: &mut SqliteConnection,
    school: uuid::Uuid,
    frame: &SchoolFrame,
) -> Result<(), BackendError> {
    for statement in [
        "DELETE FROM calendar_span WHERE school_id = ?1",
        "DELETE FROM term WHERE school_id = ?1",
        "DELETE FROM bell WHERE school_id = ?1",
        "DELETE FROM timetable_lesson WHERE school_id = ?1",
    ] {
        sqlx::query(statement).bind(school).execute(&mut *c).await.map_err(failed)?;
    }
    let school = id(school);
    let mut spans = Vec::with_capacity(frame.calendar.len());
    for (i, span) in frame.calendar.iter().enumerate() {
        let rule = to_json(&span.rule)?;
        spans.push((&school, i, span.days.from(), span.days.to(), rule, &span.name));
    }
    write_all(
        c,
        "INSERT INTO calendar_span (school_id, position, from_date, to_date, rule, name) \
         SELECT unhex(value->>0), value->>1, value->>2, value->>3, value->>4, value->>5 \
         FROM json_each(?1)",
        spans.into_iter(),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO term (school_id, position, grade, name, kind, from_date, to_date) \
         SELECT unhex(value->>0), value->>1, value->>2, value->>3, value->>4, value->>5, \
           value->>6 FROM json_each(?1)",
        frame.terms.iter().enumerate().map(|(i, term)| {
            (&school, i, term.grade, &term.name, &term.kind, term.days.from(), term.days.to())
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO bell (school_id, position, number, begins, ends) \
         SELECT unhex(value->>0), value->>1, value->>2, value->>3, value->>4 FROM json_each(?1)",
        frame.bells.iter().enumerate().map(|(i, b)| (&school, i, b.number, b.begins, b.ends)),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO timetable_lesson \
           (school_id, class_id, position, subgroup, weekday, number, subject, teacher, room) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3, value->>4, value->>5, \
           value->>6, value->>7, value->>8 FROM json_each(?1)",
        frame.timetable.iter().enumerate().map(|(i, l)| {
            let subgroup = l.subgroup.as_ref().map(|subgroup| &subgroup.0);
            let class = id(l.class.0);
            (&school, class, i, subgroup, l.weekday, l.number, &l.subject, &l.teacher, &l.room)
        }),
    )
    .await
}

async fn people(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    let mut accounts = Vec::with_capacity(changes.accounts.len());
    for account in &changes.accounts {
        let patronymic: &Patronymic = account.name.patronymic();
        accounts.push((
            id(account.school.0),
            id(account.id.0),
            id(account.person.0),
            account.name.family(),
            account.name.given(),
            to_json(patronymic)?,
            account.birth_date,
            sealed(account.snils.as_ref()),
            sealed(account.phone.as_ref()),
            sealed(account.email.as_ref()),
        ));
    }
    write_all(
        c,
        "INSERT INTO account (school_id, account_id, person_id, family, given, patronymic, \
           birth_date, snils_sealed, phone_sealed, email_sealed) \
         SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), value->>3, value->>4, \
           value->>5, value->>6, unhex(value->>7), unhex(value->>8), unhex(value->>9) \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, account_id) DO UPDATE SET person_id = excluded.person_id, \
           family = excluded.family, given = excluded.given, patronymic = excluded.patronymic, \
           birth_date = excluded.birth_date, snils_sealed = excluded.snils_sealed, \
           phone_sealed = excluded.phone_sealed, email_sealed = excluded.email_sealed",
        accounts.into_iter(),
    )
    .await?;
    // So is a person's list of accounts: an account that was joined to somebody else leaves it.
    write_all(
        c,
        "DELETE FROM membership WHERE (school_id, account_id) \
           IN (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        changes.accounts.iter().map(|account| (id(account.school.0), id(account.id.0))),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO membership (person_id, school_id, account_id) \
         SELECT person_id, school_id, account_id FROM account WHERE (school_id, account_id) \
           IN (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        changes.accounts.iter().map(|account| (id(account.school.0), id(account.id.0))),
    )
    .await?;
    // An account saved anew may have lost a key: the ones it brings are all it has.
    write_all(
        c,
        "DELETE FROM claim WHERE kind IN ('snils', 'phone', 'email') AND (school_id, account_id) \
           IN (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        changes.accounts.iter().map(|account| (id(account.school.0), id(account.id.0))),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM claim WHERE kind = 'esia_id' AND (school_id, account_id) \
           IN (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        changes.lost_esia.iter().map(|(school, account)| (id(school.0), id(account.0))),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO claim (key_hash, kind, school_id, account_id, person_id, value_sealed) \
         SELECT unhex(value->>0), value->>1, unhex(value->>2), unhex(value->>3), unhex(value->>4), \
           unhex(value->>5) FROM json_each(?1) WHERE true \
         ON CONFLICT (key_hash, kind, school_id, account_id) DO UPDATE SET \
           person_id = excluded.person_id, value_sealed = excluded.value_sealed",
        changes.claims.iter().map(|claim| {
            let (school, account) = (id(claim.school.0), id(claim.account.0));
            let (person, value) = (id(claim.person.0), sealed(claim.sealed.as_ref()));
            (hex(&claim.key.0), claim.kind.code(), school, account, person, value)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO shared_phone (key_hash, phone_sealed) \
         SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1) WHERE true \
         ON CONFLICT (key_hash) DO UPDATE SET phone_sealed = excluded.phone_sealed",
        changes.shared_phones.iter().map(|row| (hex(&row.key.0), hex(&row.phone.to_bytes()))),
    )
    .await
}

async fn bonds(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO stay (school_id, pupil_id, class_id, from_date, to_date) \
         SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), value->>3, value->>4 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, pupil_id, class_id, from_date) DO UPDATE SET \
           to_date = excluded.to_date",
        changes.stays.iter().map(|(school, stay)| {
            (id(school.0), id(stay.pupil.0), id(stay.class.0), stay.from, stay.to)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO subgroup_membership \
           (school_id, pupil_id, class_id, subject, from_date, to_date, subgroup) \
         SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), value->>3, value->>4, \
           value->>5, value->>6 FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, pupil_id, class_id, subject, from_date) DO UPDATE SET \
           to_date = excluded.to_date, subgroup = excluded.subgroup",
        changes.subgroups.iter().map(|(school, m)| {
            let subject = m.subject.as_deref().unwrap_or_default();
            (id(school.0), id(m.pupil.0), id(m.class.0), subject, m.from, m.to, &m.subgroup)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO guardianship \
           (school_id, parent_id, child_id, kinship, legal_representative, from_date, to_date, \
            barred) \
         SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), value->>3, value->>4, \
           value->>5, value->>6, value->>7 FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, parent_id, child_id) DO UPDATE SET kinship = excluded.kinship, \
           legal_representative = excluded.legal_representative, \
           from_date = excluded.from_date, to_date = excluded.to_date, barred = excluded.barred",
        changes.guardianships.iter().map(|(school, bond)| {
            let kinship: &Kinship = &bond.kinship;
            let (parent, child) = (id(bond.parent.0), id(bond.child.0));
            let representative = bond.legal_representative;
            let (from, until, barred) = (bond.from, bond.until, bond.barred);
            (id(school.0), parent, child, kinship, representative, from, until, barred)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO staff_post (school_id, account_id, subject, class_teacher_of, to_date) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, unhex(value->>3), value->>4 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, account_id, subject) DO UPDATE SET \
           class_teacher_of = excluded.class_teacher_of, to_date = excluded.to_date",
        changes.staff.iter().map(|(school, post)| {
            let class = post.class_teacher_of.map(|class| id(class.0));
            (id(school.0), id(post.account.0), &post.subject, class, post.until)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO duty (school_id, account_id, duty, since) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, account_id, duty) DO UPDATE SET since = excluded.since",
        changes
            .duties
            .iter()
            .map(|(school, row)| (id(school.0), id(row.account.0), &row.duty, row.since)),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO refused_row (school_id, file, line, column_name, code, typed_sealed) \
         SELECT unhex(value->>0), value->>1, value->>2, value->>3, value->>4, unhex(value->>5) \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, file, line) DO UPDATE SET column_name = excluded.column_name, \
           code = excluded.code, typed_sealed = excluded.typed_sealed",
        changes.refused_rows.iter().map(|row| {
            let typed = hex(&row.typed.to_bytes());
            (id(row.school.0), &row.file, row.line, &row.column, &row.code, typed)
        }),
    )
    .await
}

async fn settled(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "DELETE FROM refused_row WHERE (school_id, file, line) IN \
           (SELECT unhex(value->>0), value->>1, value->>2 FROM json_each(?1))",
        changes.settled_rows.iter().map(|(school, file, line)| (id(school.0), file, line)),
    )
    .await
}

/// One card for an account, and one for a login: of rows that share either, the later stays.
async fn cards(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    let mut accounts = HashSet::new();
    let mut logins = HashSet::new();
    let mut cards: Vec<_> = changes.credentials.iter().rev().collect();
    cards.retain(|card| accounts.insert((card.school, card.account)));
    cards.retain(|card| logins.insert(card.login_hash));
    cards.reverse();
    write_all(
        c,
        "DELETE FROM credential WHERE (school_id, account_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        cards.iter().map(|card| (id(card.school.0), id(card.account.0))),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM credential WHERE login_hash IN \
           (SELECT unhex(value->>0) FROM json_each(?1))",
        cards.iter().map(|card| (hex(&card.login_hash.0),)),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO credential (login_hash, login, school_id, account_id, phc, issued_at) \
         SELECT unhex(value->>0), value->>1, unhex(value->>2), unhex(value->>3), value->>4, \
           value->>5 FROM json_each(?1)",
        cards.iter().map(|card| {
            let (school, account) = (id(card.school.0), id(card.account.0));
            let issued_at = card.issued_at.timestamp_micros();
            (hex(&card.login_hash.0), &card.login, school, account, &card.phc, issued_at)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO counter (key_hash, failures, last_at, until_at) \
         SELECT unhex(value->>0), value->>1, value->>2, value->>3 FROM json_each(?1) WHERE true \
         ON CONFLICT (key_hash) DO UPDATE SET failures = excluded.failures, \
           last_at = excluded.last_at, until_at = excluded.until_at",
        changes.counters.iter().map(|(key, counter)| {
            let micros = |at: Option<chrono::DateTime<_>>| at.map(|at| at.timestamp_micros());
            (hex(&key.0), counter.failures, micros(counter.last), micros(counter.until))
        }),
    )
    .await
}

async fn sessions(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO device (token_hash, login_hash, seen_at) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2 FROM json_each(?1) WHERE true \
         ON CONFLICT (token_hash, login_hash) DO UPDATE SET seen_at = excluded.seen_at",
        changes.devices.iter().map(|device| {
            let (token, login) = (hex(&device.token.0), hex(&device.login_hash.0));
            (token, login, device.seen_at.timestamp_micros())
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO device (token_hash, login_hash, seen_at) \
         SELECT d.token_hash, unhex(value->>1), d.seen_at FROM json_each(?1) \
           JOIN device d ON d.login_hash = unhex(value->>0) WHERE true \
         ON CONFLICT (token_hash, login_hash) DO NOTHING",
        changes.rehashed_logins.iter().map(|(former, now)| (hex(&former.0), hex(&now.0))),
    )
    .await?;
    let (mut sessions, mut of_apps) = (Vec::new(), Vec::new());
    for session in &changes.sessions {
        let row = (
            hex(&session.token.0),
            id(session.person.0),
            to_json(&session.accounts)?,
            &session.method,
            session.choose,
            session.chosen.map(|account| id(account.0)),
            session.password_ends,
            session.created_at.timestamp_micros(),
            session.expires_at.timestamp_micros(),
            session.granted_until.map(|until| until.timestamp_micros()),
            session.app.map(|grant| id(grant.0)),
        );
        if session.app.is_some() { of_apps.push(row) } else { sessions.push(row) }
    }
    write_all(
        c,
        "INSERT INTO session \
           (token_hash, person_id, accounts, method, choose, chosen_account, password_ends, \
            created_at, expires_at, granted_until, grant_id) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3, value->>4, \
           unhex(value->>5), value->>6, value->>7, value->>8, value->>9, NULL \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (person_id, token_hash) DO UPDATE SET accounts = excluded.accounts, \
           method = excluded.method, choose = excluded.choose, \
           chosen_account = excluded.chosen_account, password_ends = excluded.password_ends, \
           created_at = excluded.created_at, expires_at = excluded.expires_at, \
           granted_until = excluded.granted_until, grant_id = excluded.grant_id",
        sessions.into_iter(),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO session \
           (token_hash, person_id, accounts, method, choose, chosen_account, password_ends, \
            created_at, expires_at, granted_until, grant_id) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3, value->>4, \
           unhex(value->>5), value->>6, value->>7, value->>8, value->>9, g.grant_id \
         FROM json_each(?1) JOIN app_grant g \
           ON g.person_id = unhex(value->>1) AND g.grant_id = unhex(value->>10) WHERE true \
         ON CONFLICT (person_id, token_hash) DO UPDATE SET accounts = excluded.accounts, \
           method = excluded.method, choose = excluded.choose, \
           chosen_account = excluded.chosen_account, password_ends = excluded.password_ends, \
           created_at = excluded.created_at, expires_at = excluded.expires_at, \
           granted_until = excluded.granted_until, grant_id = excluded.grant_id",
        of_apps.into_iter(),
    )
    .await?;
    write_all(
        c,
        "UPDATE session SET chosen_account = unhex(n.value->>2) FROM json_each(?1) AS n \
         WHERE person_id = unhex(n.value->>0) AND token_hash = unhex(n.value->>1)",
        changes
            .chosen
            .iter()
            .map(|(person, token, account)| (id(person.0), hex(&token.0), id(account.0))),
    )
    .await?;
    apps::end(c, changes).await?;
    write_all(
        c,
        "DELETE FROM session WHERE (person_id, token_hash) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        changes.ended_sessions.iter().map(|(person, token)| (id(person.0), hex(&token.0))),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM session WHERE person_id IN (SELECT unhex(value->>0) FROM json_each(?1))",
        changes.ended_people.iter().map(|person| (id(person.0),)),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM device WHERE login_hash IN (SELECT unhex(value->>0) FROM json_each(?1))",
        forgotten_logins(changes).map(|login| (hex(&login.0),)),
    )
    .await
}

/// Logins whose devices go: with the former hash of a login they are nobody's.
fn forgotten_logins(changes: &Changes) -> impl Iterator<Item = &KeyHash> {
    let former = changes.rehashed_logins.iter().map(|(former, _)| former);
    changes.forgotten_devices.iter().chain(former)
}

async fn refused(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO refused_sign_in \
           (case_code, person_key, at, refusal, expires_at, said_sealed) \
         SELECT value->>0, unhex(value->>1), value->>2, value->>3, value->>4, unhex(value->>5) \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (case_code) DO UPDATE SET person_key = excluded.person_key, \
           at = excluded.at, refusal = excluded.refusal, expires_at = excluded.expires_at, \
           said_sealed = excluded.said_sealed",
        changes.refused_sign_ins.iter().map(|row| {
            let (at, end) = (row.at.timestamp_micros(), row.expires_at.timestamp_micros());
            (row.case, hex(&row.person.0), at, &row.refusal, end, hex(&row.said.to_bytes()))
        }),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM refused_sign_in WHERE case_code IN (SELECT value->>0 FROM json_each(?1))",
        changes.forgotten_cases.iter().map(|case| (case,)),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO invitation \
           (token_hash, school_id, duty, created_at, expires_at, used_at, used_by) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3, value->>4, value->>5, \
           unhex(value->>6) FROM json_each(?1) WHERE true \
         ON CONFLICT (token_hash) DO UPDATE SET school_id = excluded.school_id, \
           duty = excluded.duty, created_at = excluded.created_at, \
           expires_at = excluded.expires_at, used_at = excluded.used_at, \
           used_by = excluded.used_by",
        changes.invitations.iter().map(|row| {
            let used_at = row.used_at.map(|at| at.timestamp_micros());
            let used_by = row.used_by.map(|account| id(account.0));
            let (made, end) =
                (row.created_at.timestamp_micros(), row.expires_at.timestamp_micros());
            (hex(&row.token.0), id(row.school.0), &row.duty, made, end, used_at, used_by)
        }),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM invitation WHERE token_hash IN (SELECT unhex(value->>0) FROM json_each(?1))",
        changes.forgotten_invitations.iter().map(|token| (hex(&token.0),)),
    )
    .await
}

async fn journal(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    let mut lessons = Vec::with_capacity(changes.lessons.len());
    for (school, l) in &changes.lessons {
        let homework = HomeworkColumns::of(l.homework.as_ref())?;
        lessons.push((
            (id(school.0), id(l.class.0), l.date, l.number),
            (l.subgroup.as_ref().map_or("", |s| s.0.as_str()), id(l.id.0), &l.subject),
            (&l.instead_of, l.cancelled, l.distant, &l.teacher, &l.room, &l.topic),
            (homework.text, homework.due, homework.materials, l.written_at.timestamp_micros()),
        ));
    }
    write_all(
        c,
        "INSERT INTO lesson (school_id, class_id, date, number, subgroup, lesson_id, subject, \
           instead_of, cancelled, distant, teacher, room, topic, homework, homework_due, \
           materials, written_at) \
         SELECT unhex(value->>'$[0][0]'), unhex(value->>'$[0][1]'), value->>'$[0][2]', \
           value->>'$[0][3]', value->>'$[1][0]', unhex(value->>'$[1][1]'), value->>'$[1][2]', \
           value->>'$[2][0]', value->>'$[2][1]', value->>'$[2][2]', value->>'$[2][3]', \
           value->>'$[2][4]', value->>'$[2][5]', value->>'$[3][0]', value->>'$[3][1]', \
           value->>'$[3][2]', value->>'$[3][3]' \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, lesson_id) DO UPDATE SET class_id = excluded.class_id, \
           date = excluded.date, number = excluded.number, subgroup = excluded.subgroup, \
           subject = excluded.subject, instead_of = excluded.instead_of, \
           cancelled = excluded.cancelled, distant = excluded.distant, \
           teacher = excluded.teacher, room = excluded.room, topic = excluded.topic, \
           homework = excluded.homework, homework_due = excluded.homework_due, \
           materials = excluded.materials, written_at = excluded.written_at, \
           version = lesson.version + 1",
        lessons.into_iter(),
    )
    .await?;
    moved_on(c, changes).await?;
    for statement in [
        "DELETE FROM work WHERE (school_id, lesson_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM mark WHERE (school_id, lesson_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM attendance WHERE (school_id, lesson_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM individual_homework WHERE (school_id, lesson_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        "DELETE FROM remark WHERE (school_id, lesson_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
    ] {
        let emptied = changes.emptied_lessons.iter();
        write_all(c, statement, emptied.map(|(school, lesson)| (id(school.0), id(lesson.0))))
            .await?;
    }
    write_all(
        c,
        "INSERT INTO work (school_id, lesson_id, work_id, kind, title, weight) \
         SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), value->>3, value->>4, \
           value->>5 FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, work_id) DO UPDATE SET lesson_id = excluded.lesson_id, \
           kind = excluded.kind, title = excluded.title, weight = excluded.weight",
        changes.works.iter().map(|(school, work)| {
            let (lesson, weight) = (id(work.lesson.0), work.weight.hundredths());
            (id(school.0), lesson, id(work.id.0), &work.kind, &work.title, weight)
        }),
    )
    .await
}

/// The versions of lessons that are not written themselves, but in which something is.
async fn moved_on(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    let mut touched = changes.touched_lessons();
    for (school, lesson) in &changes.lessons {
        touched.remove(&(*school, lesson.id));
    }
    write_all(
        c,
        "UPDATE lesson SET version = version + 1 WHERE (school_id, lesson_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1))",
        touched.into_iter().map(|(school, lesson)| (id(school.0), id(lesson.0))),
    )
    .await
}

async fn pupils_journal(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO mark (school_id, pupil_id, date, mark_id, lesson_id, work_id, value, \
           comment, written_at) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, unhex(value->>3), \
           unhex(value->>4), unhex(value->>5), value->>6, value->>7, value->>8 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, mark_id) DO UPDATE SET pupil_id = excluded.pupil_id, \
           date = excluded.date, lesson_id = excluded.lesson_id, work_id = excluded.work_id, \
           value = excluded.value, comment = excluded.comment, \
           written_at = excluded.written_at",
        changes.marks.iter().map(|(school, m)| {
            let (lesson, work) = (id(m.lesson.0), id(m.work.0));
            let (pupil, mark, at) = (id(m.pupil.0), id(m.id.0), m.written_at.timestamp_micros());
            (id(school.0), pupil, m.date, mark, lesson, work, &m.value, &m.comment, at)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO attendance (school_id, pupil_id, date, lesson_id, code, class) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, unhex(value->>3), value->>4, \
           value->>5 FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, lesson_id, pupil_id) DO UPDATE SET date = excluded.date, \
           code = excluded.code, class = excluded.class",
        changes.attendance.iter().map(|(school, a)| {
            (id(school.0), id(a.pupil.0), a.date, id(a.lesson.0), &a.code, &a.class)
        }),
    )
    .await?;
    let mut homework = Vec::with_capacity(changes.individual_homework.len());
    for (school, row) in &changes.individual_homework {
        let HomeworkColumns { text, due, materials } = HomeworkColumns::of(Some(&row.homework))?;
        let (pupil, lesson) = (id(row.pupil.0), id(row.lesson.0));
        homework.push((id(school.0), pupil, row.date, lesson, row.position, text, due, materials));
    }
    write_all(
        c,
        "INSERT INTO individual_homework \
           (school_id, pupil_id, date, lesson_id, position, text, due, materials) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, unhex(value->>3), value->>4, \
           value->>5, value->>6, value->>7 FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, lesson_id, pupil_id, position) DO UPDATE SET \
           date = excluded.date, text = excluded.text, due = excluded.due, \
           materials = excluded.materials",
        homework.into_iter(),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO remark (school_id, pupil_id, date, lesson_id, position, text) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, unhex(value->>3), value->>4, \
           value->>5 FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, lesson_id, pupil_id, position) DO UPDATE SET \
           date = excluded.date, text = excluded.text",
        changes.remarks.iter().map(|(school, row)| {
            let (pupil, lesson) = (id(row.pupil.0), id(row.lesson.0));
            (id(school.0), pupil, row.date, lesson, row.position, &row.text)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO final_mark (school_id, pupil_id, year, subject, kind, term, value) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3, value->>4, value->>5, \
           value->>6 FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, pupil_id, year, subject, kind, term) DO UPDATE SET \
           value = excluded.value",
        changes.finals.iter().map(|(school, f)| {
            (id(school.0), id(f.pupil.0), f.year, &f.subject, &f.kind, &f.term, &f.value)
        }),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM final_mark WHERE (school_id, pupil_id, year, subject, kind, term) IN \
           (SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3, value->>4, value->>5 \
            FROM json_each(?1))",
        changes
            .removed_finals
            .iter()
            .map(|(school, f)| (id(school.0), id(f.pupil.0), f.year, &f.subject, &f.kind, &f.term)),
    )
    .await
}

async fn logs(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO card_journal (school_id, entry, account_id, card, step, at, by_id) \
         SELECT unhex(value->>0), key + 1 + (SELECT ifnull(max(entry), 0) FROM card_journal \
             WHERE school_id = unhex(value->>0)), \
           unhex(value->>1), value->>2, value->>3, value->>4, unhex(value->>5) \
         FROM json_each(?1)",
        changes.card_journal.iter().map(|entry| {
            let CardRecord { card, step, at, by } = &entry.line;
            let (at, by) = (at.timestamp_micros(), by.map(|by| id(by.0)));
            (id(entry.school.0), id(entry.account.0), card, step, at, by)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO mark_revision \
           (school_id, lesson_id, entry_id, mark_id, pupil_id, old_value, new_value, by_id, at, \
            comment) \
         SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), unhex(value->>3), \
           unhex(value->>4), value->>5, value->>6, unhex(value->>7), value->>8, value->>9 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, lesson_id, entry_id) DO NOTHING",
        changes.mark_changes.iter().map(|c| {
            let (school, lesson) = (id(c.school.0), id(c.lesson.0));
            let (mark, pupil, by) = (id(c.mark.0), id(c.pupil.0), c.by.map(|by| id(by.0)));
            let at = c.at.timestamp_micros();
            (school, lesson, id(c.entry), mark, pupil, &c.old, &c.new, by, at, &c.comment)
        }),
    )
    .await?;
    let mut events = Vec::with_capacity(changes.events.len());
    for (school, event) in &changes.events {
        let (pupil, at) = (id(event.pupil.0), event.at.timestamp_micros());
        events.push((id(school.0), event.cursor, pupil, at, to_json(&event.what)?));
    }
    write_all(
        c,
        "INSERT INTO event (school_id, cursor, pupil_id, at, what) \
         SELECT unhex(value->>0), value->>1, unhex(value->>2), value->>3, value->>4 \
         FROM json_each(?1)",
        events.into_iter(),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO audit \
           (at, action, outcome, school_id, actor_id, subject_id, case_code, lesson_id) \
         SELECT value->>0, value->>1, value->>2, unhex(value->>3), unhex(value->>4), \
           unhex(value->>5), value->>6, unhex(value->>7) FROM json_each(?1)",
        changes.audit.iter().map(|entry| {
            let school = entry.school.map(|school| id(school.0));
            let (actor, subject) =
                (entry.actor.map(|a| id(a.0)), entry.subject.map(|subject| id(subject.0)));
            let at = entry.at.timestamp_micros();
            let lesson = entry.lesson.map(|lesson| id(lesson.0));
            (at, &entry.action, &entry.outcome, school, actor, subject, entry.case, lesson)
        }),
    )
    .await
}

/// Homework as three columns.
struct HomeworkColumns<'a> {
    text: Option<&'a str>,
    due: Option<chrono::NaiveDate>,
    materials: Option<String>,
}

impl<'a> HomeworkColumns<'a> {
    fn of(homework: Option<&'a Homework>) -> Result<Self, BackendError> {
        let Some(homework) = homework else {
            return Ok(Self { text: None, due: None, materials: None });
        };
        let materials: &[Material] = &homework.materials;
        Ok(Self {
            text: Some(&homework.text),
            due: homework.due,
            materials: if materials.is_empty() { None } else { Some(to_json(&materials)?) },
        })
    }
}
