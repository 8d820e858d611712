//! Letters, links, consents, grounds, excuses.

use chrono::{DateTime, Utc};
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, SchoolId},
    people::{Consent, ConsentPurpose},
};
use sqlx::{PgConnection, postgres::PgRow};
use uuid::Uuid;

use super::{
    bulk::{column, latest, write_all},
    identity::a_credential,
    support,
    value::{Columns, failed, to_json},
};
use crate::{
    backend::{
        BackendError, Changes, Credential, DataBasisRow, ExcuseRow, LetterRow, RecoveryLinkRow,
    },
    secret::TokenHash,
};

pub(super) async fn credentials_of(
    connection: &mut PgConnection,
    accounts: &[(SchoolId, AccountId)],
) -> Result<Vec<Credential>, BackendError> {
    sqlx::query(
        "SELECT c.login_hash, c.login, c.school_id, c.account_id, c.phc, c.issued_at \
         FROM credential c JOIN unnest($1::uuid[], $2::uuid[]) AS n (school_id, account_id) \
           ON c.school_id = n.school_id AND c.account_id = n.account_id \
         ORDER BY c.login",
    )
    .bind(column(accounts, |(school, _)| school.0))
    .bind(column(accounts, |(_, account)| account.0))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(a_credential)
    .collect()
}

pub(super) async fn letters_due(
    connection: &mut PgConnection,
    at: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<LetterRow>, BackendError> {
    sqlx::query(
        "SELECT letter_id, asked_at, due_at, attempts, expires_at, asked_sealed FROM recovery_letter \
         WHERE due_at <= $1 ORDER BY due_at, letter_id LIMIT $2",
    )
    .bind(at)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(a_letter)
    .collect()
}

pub(super) async fn letters_until(
    connection: &mut PgConnection,
    end: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Uuid>, BackendError> {
    sqlx::query_scalar(
        "SELECT letter_id FROM recovery_letter WHERE expires_at <= $1 \
         ORDER BY expires_at, letter_id LIMIT $2",
    )
    .bind(end)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed)
}

pub(super) async fn letter(
    connection: &mut PgConnection,
    letter: Uuid,
) -> Result<Option<LetterRow>, BackendError> {
    let row = sqlx::query(
        "SELECT letter_id, asked_at, due_at, attempts, expires_at, asked_sealed FROM recovery_letter \
         WHERE letter_id = $1",
    )
    .bind(letter)
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.as_ref().map(a_letter).transpose()
}

fn a_letter(row: &PgRow) -> Result<LetterRow, BackendError> {
    let mut columns = Columns::of(row);
    Ok(LetterRow {
        id: columns.take()?,
        asked_at: columns.instant()?,
        due_at: columns.instant()?,
        attempts: columns.long("attempts")?,
        expires_at: columns.instant()?,
        asked: columns.sealed()?.ok_or(BackendError::Corrupt("letter"))?,
    })
}

pub(super) async fn recovery_link(
    connection: &mut PgConnection,
    school: SchoolId,
    account: AccountId,
) -> Result<Option<RecoveryLinkRow>, BackendError> {
    let row = sqlx::query(
        "SELECT school_id, token_hash, link FROM recovery_link \
         WHERE school_id = $1 AND account_id = $2",
    )
    .bind(school.0)
    .bind(account.0)
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.map(|row| {
        let mut columns = Columns::of(&row);
        Ok(RecoveryLinkRow {
            school: SchoolId(columns.take()?),
            token: TokenHash(columns.hash()?),
            link: columns.json("recovery link")?,
        })
    })
    .transpose()
}

pub(super) async fn consents(
    connection: &mut PgConnection,
    school: SchoolId,
    pupils: &[AccountId],
) -> Result<Vec<Consent>, BackendError> {
    sqlx::query(
        "SELECT giver_id, pupil_id, purpose, from_date, to_date, revoked FROM consent \
         WHERE school_id = $1 AND pupil_id = ANY ($2) \
         ORDER BY pupil_id, purpose, giver_id, from_date",
    )
    .bind(school.0)
    .bind(column(pupils, |pupil| pupil.0))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok(Consent {
            giver: AccountId(columns.take()?),
            pupil: AccountId(columns.take()?),
            purpose: ConsentPurpose::from(columns.take::<&str>()?),
            from: columns.take()?,
            until: columns.take()?,
            revoked: columns.take()?,
        })
    })
    .collect()
}

pub(super) async fn data_bases(
    connection: &mut PgConnection,
    school: SchoolId,
    accounts: &[AccountId],
) -> Result<Vec<DataBasisRow>, BackendError> {
    sqlx::query(
        "SELECT basis_id, account_id, basis_sealed FROM data_basis \
         WHERE school_id = $1 AND account_id = ANY ($2) ORDER BY account_id, basis_id",
    )
    .bind(school.0)
    .bind(column(accounts, |account| account.0))
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok(DataBasisRow {
            id: columns.take()?,
            account: AccountId(columns.take()?),
            basis: columns.sealed()?.ok_or(BackendError::Corrupt("ground"))?,
        })
    })
    .collect()
}

pub(super) async fn excuses(
    connection: &mut PgConnection,
    school: SchoolId,
    pupils: &[AccountId],
    days: DateRange,
) -> Result<Vec<ExcuseRow>, BackendError> {
    sqlx::query(
        "SELECT excuse_id, pupil_id, from_date, to_date, excuse_sealed FROM excuse \
         WHERE school_id = $1 AND pupil_id = ANY ($2) \
           AND from_date <= $4 AND to_date >= $3 ORDER BY pupil_id, excuse_id",
    )
    .bind(school.0)
    .bind(column(pupils, |pupil| pupil.0))
    .bind(days.from())
    .bind(days.to())
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(|row| {
        let mut columns = Columns::of(row);
        Ok(ExcuseRow {
            id: columns.take()?,
            pupil: AccountId(columns.take()?),
            days: columns.range()?,
            excuse: columns.sealed()?.ok_or(BackendError::Corrupt("excuse"))?,
        })
    })
    .collect()
}

pub(super) async fn apply(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "DELETE FROM session s USING unnest($1::uuid[], $2::bytea[]) AS n (person_id, token_hash) \
         WHERE s.person_id = n.person_id AND s.token_hash <> n.token_hash",
        &changes.ended_others,
        |statement, rows| {
            statement
                .bind(column(rows, |(person, _)| person.0))
                .bind(column(rows, |(_, token)| token.0))
        },
    )
    .await?;
    letters(c, changes).await?;
    links(c, changes).await?;
    support::apply(c, changes).await?;
    grounds(c, changes).await?;
    write_all(
        c,
        "INSERT INTO excuse (school_id, pupil_id, excuse_id, from_date, to_date, excuse_sealed) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::date[], \
           $6::bytea[]) \
         ON CONFLICT (school_id, pupil_id, excuse_id) DO UPDATE SET \
           from_date = excluded.from_date, to_date = excluded.to_date, \
           excuse_sealed = excluded.excuse_sealed",
        &latest(&changes.excuses, |(school, row)| (*school, row.pupil, row.id)),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, row)| row.pupil.0))
                .bind(column(rows, |(_, row)| row.id))
                .bind(column(rows, |(_, row)| row.days.from()))
                .bind(column(rows, |(_, row)| row.days.to()))
                .bind(column(rows, |(_, row)| row.excuse.to_bytes()))
        },
    )
    .await
}

/// Consents and other grounds.
async fn grounds(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let key = |(school, c): &(SchoolId, Consent)| {
        (*school, c.pupil, c.purpose.as_str().to_owned(), c.giver, c.from)
    };
    write_all(
        c,
        "INSERT INTO consent (school_id, pupil_id, purpose, giver_id, from_date, to_date, revoked) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::date[], \
           $6::date[], $7::date[]) \
         ON CONFLICT (school_id, pupil_id, purpose, giver_id, from_date) DO UPDATE SET \
           to_date = excluded.to_date, revoked = excluded.revoked",
        &latest(&changes.consents, key),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, row)| row.pupil.0))
                .bind(column(rows, |(_, row)| row.purpose.as_str()))
                .bind(column(rows, |(_, row)| row.giver.0))
                .bind(column(rows, |(_, row)| row.from))
                .bind(column(rows, |(_, row)| row.until))
                .bind(column(rows, |(_, row)| row.revoked))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO data_basis (school_id, account_id, basis_id, basis_sealed) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[]) \
         ON CONFLICT (school_id, account_id, basis_id) DO UPDATE SET \
           basis_sealed = excluded.basis_sealed",
        &latest(&changes.data_bases, |(school, row)| (*school, row.account, row.id)),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, row)| row.account.0))
                .bind(column(rows, |(_, row)| row.id))
                .bind(column(rows, |(_, row)| row.basis.to_bytes()))
        },
    )
    .await
}

async fn letters(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO recovery_letter (letter_id, asked_at, due_at, attempts, expires_at, asked_sealed) \
         SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::bigint[], \
           $5::timestamptz[], $6::bytea[]) \
         ON CONFLICT (letter_id) DO UPDATE SET asked_at = excluded.asked_at, \
           due_at = excluded.due_at, attempts = excluded.attempts, \
           expires_at = excluded.expires_at, asked_sealed = excluded.asked_sealed",
        &latest(&changes.letters, |row| row.id),
        |statement, rows| {
            statement
                .bind(column(rows, |row| row.id))
                .bind(column(rows, |row| row.asked_at))
                .bind(column(rows, |row| row.due_at))
                .bind(column(rows, |row| i64::from(row.attempts)))
                .bind(column(rows, |row| row.expires_at))
                .bind(column(rows, |row| row.asked.to_bytes()))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM recovery_letter WHERE letter_id = ANY ($1)",
        &changes.sent_letters,
        |statement, rows| statement.bind(column(rows, |letter| *letter)),
    )
    .await
}

async fn links(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let links = latest(&changes.recovery_links, |row| (row.school, row.link.account()));
    let texts: Result<Vec<_>, _> = links.iter().map(|row| to_json(&row.link)).collect();
    let rows: Vec<_> = links.into_iter().zip(texts?).collect();
    write_all(
        c,
        "INSERT INTO recovery_link (school_id, account_id, token_hash, link) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[]) \
         ON CONFLICT (school_id, account_id) DO UPDATE SET token_hash = excluded.token_hash, \
           link = excluded.link",
        &rows,
        |statement, rows| {
            statement
                .bind(column(rows, |(row, _)| row.school.0))
                .bind(column(rows, |(row, _)| row.link.account().0))
                .bind(column(rows, |(row, _)| row.token.0))
                .bind(column(rows, |(_, link)| link.as_str()))
        },
    )
    .await
}
