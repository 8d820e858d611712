//! Cards, counters, devices, sessions, refusals, invitations.

use eschool_core::id::{AccountId, SchoolId};
use sqlx::PgConnection;

use crate::{
    backend::{BackendError, Changes, Credential, SessionRow},
    postgres::{
        apps,
        bulk::{Statement, column, latest, write_all},
        value::{Columns, failed, to_json},
    },
};

pub(super) async fn apply(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    cards(c, changes).await?;
    counters(c, changes).await?;
    apps::write(c, changes).await?;
    sessions(c, changes).await?;
    apps::end(c, changes).await?;
    ends(c, changes).await?;
    refused(c, changes).await?;
    invitations(c, changes).await
}

async fn cards(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    // One card for an account, and one for a login: of rows that share either, the later stays.
    let cards = latest(&changes.credentials, |card| (card.school, card.account));
    let cards: Vec<&Credential> =
        latest(&cards, |card| card.login_hash).into_iter().copied().collect();
    if cards.is_empty() {
        return Ok(());
    }
    take_away_cards(c, &cards).await?;
    write_all(
        c,
        "INSERT INTO login (login_hash, school_id, account_id) \
         SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::uuid[])",
        &cards,
        |statement, rows| {
            statement
                .bind(column(rows, |card| card.login_hash.0))
                .bind(column(rows, |card| card.school.0))
                .bind(column(rows, |card| card.account.0))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO credential (school_id, account_id, login_hash, login, phc, issued_at) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[], $5::text[], \
           $6::timestamptz[])",
        &cards,
        |statement, rows| {
            statement
                .bind(column(rows, |card| card.school.0))
                .bind(column(rows, |card| card.account.0))
                .bind(column(rows, |card| card.login_hash.0))
                .bind(column(rows, |card| card.login.as_str()))
                .bind(column(rows, |card| card.phc.as_str()))
                .bind(column(rows, |card| card.issued_at))
        },
    )
    .await
}

/// The former cards of these accounts and of these logins, each found by its own key: logins lie
/// elsewhere than the cards of a school.
async fn take_away_cards(c: &mut PgConnection, cards: &[&Credential]) -> Result<(), BackendError> {
    let rows = sqlx::query("SELECT school_id, account_id FROM login WHERE login_hash = ANY ($1)")
        .bind(column(cards, |card| card.login_hash.0))
        .fetch_all(&mut *c)
        .await
        .map_err(failed)?;
    let mut holders: Vec<(SchoolId, AccountId)> =
        cards.iter().map(|card| (card.school, card.account)).collect();
    for row in &rows {
        let mut columns = Columns::of(row);
        holders.push((SchoolId(columns.take()?), AccountId(columns.take()?)));
    }
    let rows = sqlx::query(
        "DELETE FROM credential c USING unnest($1::uuid[], $2::uuid[]) \
           AS n (school_id, account_id) \
         WHERE c.school_id = n.school_id AND c.account_id = n.account_id RETURNING c.login_hash",
    )
    .bind(column(&holders, |(school, _)| school.0))
    .bind(column(&holders, |(_, account)| account.0))
    .fetch_all(&mut *c)
    .await
    .map_err(failed)?;
    let mut logins: Vec<[u8; 32]> = column(cards, |card| card.login_hash.0);
    for row in &rows {
        logins.push(Columns::of(row).hash()?);
    }
    sqlx::query("DELETE FROM login WHERE login_hash = ANY ($1)")
        .bind(logins)
        .execute(&mut *c)
        .await
        .map_err(failed)?;
    Ok(())
}

async fn counters(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO counter (key_hash, failures, last_at, until_at) \
         SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::timestamptz[], $4::timestamptz[]) \
         ON CONFLICT (key_hash) DO UPDATE SET failures = excluded.failures, \
           last_at = excluded.last_at, until_at = excluded.until_at",
        &latest(&changes.counters, |(key, _)| *key),
        |statement, rows| {
            statement
                .bind(column(rows, |(key, _)| key.0))
                .bind(column(rows, |(_, counter)| i64::from(counter.failures)))
                .bind(column(rows, |(_, counter)| counter.last))
                .bind(column(rows, |(_, counter)| counter.until))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO device (token_hash, login_hash, seen_at) \
         SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::timestamptz[]) \
         ON CONFLICT (token_hash, login_hash) DO UPDATE SET seen_at = excluded.seen_at",
        &latest(&changes.devices, |device| (device.token, device.login_hash)),
        |statement, rows| {
            statement
                .bind(column(rows, |device| device.token.0))
                .bind(column(rows, |device| device.login_hash.0))
                .bind(column(rows, |device| device.seen_at))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO device (token_hash, login_hash, seen_at) \
         SELECT d.token_hash, n.now, d.seen_at \
         FROM unnest($1::bytea[], $2::bytea[]) AS n (former, now) \
           JOIN device d ON d.login_hash = n.former \
         ON CONFLICT (token_hash, login_hash) DO NOTHING",
        &changes.rehashed_logins,
        |statement, rows| {
            statement
                .bind(column(rows, |(former, _)| former.0))
                .bind(column(rows, |(_, now)| now.0))
        },
    )
    .await
}

async fn sessions(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let sessions = latest(&changes.sessions, |session| (session.person, session.token));
    let granted: Result<Vec<_>, _> =
        sessions.iter().map(|session| to_json(&session.accounts)).collect();
    let rows = sessions.into_iter().zip(granted?);
    let (of_apps, rows): (Vec<_>, Vec<_>) = rows.partition(|(session, _)| session.app.is_some());
    write_all(
        c,
        "INSERT INTO session \
           (person_id, token_hash, accounts, method, choose, chosen_account, password_ends, \
            created_at, expires_at, granted_until) \
         SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::boolean[], \
           $6::uuid[], $7::date[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[]) \
         ON CONFLICT (person_id, token_hash) DO UPDATE SET accounts = excluded.accounts, \
           method = excluded.method, choose = excluded.choose, \
           chosen_account = excluded.chosen_account, password_ends = excluded.password_ends, \
           created_at = excluded.created_at, expires_at = excluded.expires_at, \
           granted_until = excluded.granted_until, grant_id = NULL",
        &rows,
        bind_session,
    )
    .await?;
    write_all(
        c,
        "INSERT INTO session \
           (person_id, token_hash, accounts, method, choose, chosen_account, password_ends, \
            created_at, expires_at, granted_until, grant_id) \
         SELECT n.person_id, n.token_hash, n.accounts, n.method, n.choose, n.chosen_account, \
           n.password_ends, n.created_at, n.expires_at, n.granted_until, g.grant_id \
         FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::boolean[], $6::uuid[], \
           $7::date[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::uuid[]) AS n \
           (person_id, token_hash, accounts, method, choose, chosen_account, password_ends, \
            created_at, expires_at, granted_until, grant_id) \
         JOIN app_grant g ON g.person_id = n.person_id AND g.grant_id = n.grant_id \
         ON CONFLICT (person_id, token_hash) DO UPDATE SET accounts = excluded.accounts, \
           method = excluded.method, choose = excluded.choose, \
           chosen_account = excluded.chosen_account, password_ends = excluded.password_ends, \
           created_at = excluded.created_at, expires_at = excluded.expires_at, \
           granted_until = excluded.granted_until, grant_id = excluded.grant_id",
        &of_apps,
        |statement, rows| {
            let grants = column(rows, |(session, _)| session.app.map(|grant| grant.0));
            bind_session(statement, rows).bind(grants)
        },
    )
    .await?;
    write_all(
        c,
        "UPDATE session s SET chosen_account = n.account_id \
         FROM unnest($1::uuid[], $2::bytea[], $3::uuid[]) AS n (person_id, token_hash, account_id) \
         WHERE s.person_id = n.person_id AND s.token_hash = n.token_hash",
        &changes.chosen,
        |statement, rows| {
            statement
                .bind(column(rows, |(person, _, _)| person.0))
                .bind(column(rows, |(_, token, _)| token.0))
                .bind(column(rows, |(_, _, account)| account.0))
        },
    )
    .await
}

/// A session with what was granted as text.
type WithGrants<'r> = (&'r SessionRow, String);

fn bind_session(statement: Statement, rows: &[WithGrants<'_>]) -> Statement {
    statement
        .bind(column(rows, |(session, _)| session.person.0))
        .bind(column(rows, |(session, _)| session.token.0))
        .bind(column(rows, |(_, granted)| granted.as_str()))
        .bind(column(rows, |(session, _)| session.method.as_str()))
        .bind(column(rows, |(session, _)| session.choose))
        .bind(column(rows, |(session, _)| session.chosen.map(|account| account.0)))
        .bind(column(rows, |(session, _)| session.password_ends))
        .bind(column(rows, |(session, _)| session.created_at))
        .bind(column(rows, |(session, _)| session.expires_at))
        .bind(column(rows, |(session, _)| session.granted_until))
}

/// What a sign-out or a new card ends.
async fn ends(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "DELETE FROM session s USING unnest($1::uuid[], $2::bytea[]) AS n (person_id, token_hash) \
         WHERE s.person_id = n.person_id AND s.token_hash = n.token_hash",
        &changes.ended_sessions,
        |statement, rows| {
            statement
                .bind(column(rows, |(person, _)| person.0))
                .bind(column(rows, |(_, token)| token.0))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM session WHERE person_id = ANY ($1)",
        &changes.ended_people,
        |statement, rows| statement.bind(column(rows, |person| person.0)),
    )
    .await?;
    // With the former hash of a login they are nobody's.
    let former = changes.rehashed_logins.iter().map(|(former, _)| *former);
    let forgotten: Vec<_> = changes.forgotten_devices.iter().copied().chain(former).collect();
    write_all(c, "DELETE FROM device WHERE login_hash = ANY ($1)", &forgotten, |statement, rows| {
        statement.bind(column(rows, |login| login.0))
    })
    .await
}

async fn refused(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO refused_sign_in \
           (case_code, person_key, at, refusal, expires_at, said_sealed) \
         SELECT * FROM unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::text[], \
           $5::timestamptz[], $6::bytea[]) \
         ON CONFLICT (case_code) DO UPDATE SET person_key = excluded.person_key, \
           at = excluded.at, refusal = excluded.refusal, expires_at = excluded.expires_at, \
           said_sealed = excluded.said_sealed",
        &latest(&changes.refused_sign_ins, |row| row.case),
        |statement, rows| {
            statement
                .bind(column(rows, |row| row.case.to_string()))
                .bind(column(rows, |row| row.person.0))
                .bind(column(rows, |row| row.at))
                .bind(column(rows, |row| row.refusal.as_str()))
                .bind(column(rows, |row| row.expires_at))
                .bind(column(rows, |row| row.said.to_bytes()))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM refused_sign_in WHERE case_code = ANY ($1)",
        &changes.forgotten_cases,
        |statement, rows| statement.bind(column(rows, ToString::to_string)),
    )
    .await
}

async fn invitations(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO invitation \
           (token_hash, school_id, duty, created_at, expires_at, used_at, used_by) \
         SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::text[], $4::timestamptz[], \
           $5::timestamptz[], $6::timestamptz[], $7::uuid[]) \
         ON CONFLICT (token_hash) DO UPDATE SET school_id = excluded.school_id, \
           duty = excluded.duty, created_at = excluded.created_at, \
           expires_at = excluded.expires_at, used_at = excluded.used_at, \
           used_by = excluded.used_by",
        &latest(&changes.invitations, |row| row.token),
        |statement, rows| {
            statement
                .bind(column(rows, |row| row.token.0))
                .bind(column(rows, |row| row.school.0))
                .bind(column(rows, |row| row.duty.as_str()))
                .bind(column(rows, |row| row.created_at))
                .bind(column(rows, |row| row.expires_at))
                .bind(column(rows, |row| row.used_at))
                .bind(column(rows, |row| row.used_by.map(|account| account.0)))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM invitation WHERE token_hash = ANY ($1)",
        &changes.forgotten_invitations,
        |statement, rows| statement.bind(column(rows, |token| token.0)),
    )
    .await
}
