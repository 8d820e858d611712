//! Letters, links, consents, grounds, excuses.

use chrono::{DateTime, Utc};
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, PersonId, SchoolId},
    people::{Consent, ConsentPurpose},
};
use sqlx::{SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    bulk::{hex, id, write_all},
    identity::a_credential,
    support,
    value::{Columns, failed},
};
use crate::{
    backend::{
        BackendError, Changes, Credential, DataBasisRow, ExcuseRow, LetterRow, RecoveryLinkRow,
    },
    secret::TokenHash,
};

pub(super) async fn credentials_of(
    connection: &mut SqliteConnection,
    accounts: &[(SchoolId, AccountId)],
) -> Result<Vec<Credential>, BackendError> {
    let accounts: Vec<_> =
        accounts.iter().map(|(school, account)| (id(school.0), id(account.0))).collect();
    let accounts =
        serde_json::to_string(&accounts).map_err(|_| BackendError::Corrupt("account"))?;
    sqlx::query(
        "SELECT login_hash, login, school_id, account_id, phc, issued_at FROM credential \
         WHERE (school_id, account_id) IN \
           (SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?1)) ORDER BY login",
    )
    .bind(accounts)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(a_credential)
    .collect()
}

pub(super) async fn letters_due(
    connection: &mut SqliteConnection,
    at: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<LetterRow>, BackendError> {
    sqlx::query(
        "SELECT letter_id, asked_at, due_at, attempts, expires_at, asked_sealed FROM recovery_letter \
         WHERE due_at <= ?1 ORDER BY due_at, letter_id LIMIT ?2",
    )
    .bind(at.timestamp_micros())
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)?
    .iter()
    .map(a_letter)
    .collect()
}

pub(super) async fn letters_until(
    connection: &mut SqliteConnection,
    end: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<Uuid>, BackendError> {
    sqlx::query_scalar(
        "SELECT letter_id FROM recovery_letter WHERE expires_at <= ?1 \
         ORDER BY expires_at, letter_id LIMIT ?2",
    )
    .bind(end.timestamp_micros())
    .bind(limit)
    .fetch_all(connection)
    .await
    .map_err(failed)
}

pub(super) async fn letter(
    connection: &mut SqliteConnection,
    letter: Uuid,
) -> Result<Option<LetterRow>, BackendError> {
    let row = sqlx::query(
        "SELECT letter_id, asked_at, due_at, attempts, expires_at, asked_sealed FROM recovery_letter \
         WHERE letter_id = ?1",
    )
    .bind(letter)
    .fetch_optional(connection)
    .await
    .map_err(failed)?;
    row.as_ref().map(a_letter).transpose()
}

fn a_letter(row: &SqliteRow) -> Result<LetterRow, BackendError> {
    let mut columns = Columns::of(row);
    Ok(LetterRow {
        id: columns.take()?,
        asked_at: columns.instant()?,
        due_at: columns.instant()?,
        attempts: columns.number("attempts")?,
        expires_at: columns.instant()?,
        asked: columns.sealed()?.ok_or(BackendError::Corrupt("letter"))?,
    })
}

pub(super) async fn recovery_link(
    connection: &mut SqliteConnection,
    school: SchoolId,
    account: AccountId,
) -> Result<Option<RecoveryLinkRow>, BackendError> {
    let row = sqlx::query(
        "SELECT school_id, token_hash, link FROM recovery_link \
         WHERE school_id = ?1 AND account_id = ?2",
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

/// Identifiers as `json_each` and `unhex` read them.
pub(super) fn ids(accounts: &[AccountId]) -> Result<String, BackendError> {
    let ids: Vec<String> = accounts.iter().map(|account| id(account.0)).collect();
    serde_json::to_string(&ids).map_err(|_| BackendError::Corrupt("account"))
}

pub(super) async fn consents(
    connection: &mut SqliteConnection,
    school: SchoolId,
    pupils: &[AccountId],
) -> Result<Vec<Consent>, BackendError> {
    sqlx::query(
        "SELECT giver_id, pupil_id, purpose, from_date, to_date, revoked FROM consent \
         WHERE school_id = ?1 AND pupil_id IN (SELECT unhex(value) FROM json_each(?2)) \
         ORDER BY pupil_id, purpose, giver_id, from_date",
    )
    .bind(school.0)
    .bind(ids(pupils)?)
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
    connection: &mut SqliteConnection,
    school: SchoolId,
    accounts: &[AccountId],
) -> Result<Vec<DataBasisRow>, BackendError> {
    sqlx::query(
        "SELECT basis_id, account_id, basis_sealed FROM data_basis \
         WHERE school_id = ?1 AND account_id IN (SELECT unhex(value) FROM json_each(?2)) \
         ORDER BY account_id, basis_id",
    )
    .bind(school.0)
    .bind(ids(accounts)?)
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
    connection: &mut SqliteConnection,
    school: SchoolId,
    pupils: &[AccountId],
    days: DateRange,
) -> Result<Vec<ExcuseRow>, BackendError> {
    sqlx::query(
        "SELECT excuse_id, pupil_id, from_date, to_date, excuse_sealed FROM excuse \
         WHERE school_id = ?1 AND pupil_id IN (SELECT unhex(value) FROM json_each(?2)) \
           AND from_date <= ?4 AND to_date >= ?3 ORDER BY pupil_id, excuse_id",
    )
    .bind(school.0)
    .bind(ids(pupils)?)
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

pub(super) async fn apply(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "DELETE FROM session WHERE (person_id, token_hash) IN \
           (SELECT s.person_id, s.token_hash FROM json_each(?1) JOIN session s \
              ON s.person_id = unhex(value->>0) AND s.token_hash <> unhex(value->>1))",
        changes
            .ended_others
            .iter()
            .map(|(person, token): &(PersonId, TokenHash)| (id(person.0), hex(&token.0))),
    )
    .await?;
    letters(c, changes).await?;
    support::apply(c, changes).await?;
    write_all(
        c,
        "INSERT INTO consent (school_id, pupil_id, purpose, giver_id, from_date, to_date, revoked) \
         SELECT unhex(value->>0), unhex(value->>1), value->>2, unhex(value->>3), value->>4, \
           value->>5, value->>6 FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, pupil_id, purpose, giver_id, from_date) DO UPDATE SET \
           to_date = excluded.to_date, revoked = excluded.revoked",
        changes.consents.iter().map(|(school, c)| {
            let (school, pupil, giver) = (id(school.0), id(c.pupil.0), id(c.giver.0));
            (school, pupil, c.purpose.as_str(), giver, c.from, c.until, c.revoked)
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO data_basis (school_id, account_id, basis_id, basis_sealed) \
         SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), unhex(value->>3) \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, account_id, basis_id) DO UPDATE SET \
           basis_sealed = excluded.basis_sealed",
        changes.data_bases.iter().map(|(school, row)| {
            (id(school.0), id(row.account.0), id(row.id), hex(&row.basis.to_bytes()))
        }),
    )
    .await?;
    write_all(
        c,
        "INSERT INTO excuse (school_id, pupil_id, excuse_id, from_date, to_date, excuse_sealed) \
         SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), value->>3, value->>4, \
           unhex(value->>5) FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, pupil_id, excuse_id) DO UPDATE SET \
           from_date = excluded.from_date, to_date = excluded.to_date, \
           excuse_sealed = excluded.excuse_sealed",
        changes.excuses.iter().map(|(school, row)| {
            let (from, to) = (row.days.from(), row.days.to());
            let excuse = hex(&row.excuse.to_bytes());
            (id(school.0), id(row.pupil.0), id(row.id), from, to, excuse)
        }),
    )
    .await
}

async fn letters(c: &mut SqliteConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO recovery_letter (letter_id, asked_at, due_at, attempts, expires_at, asked_sealed) \
         SELECT unhex(value->>0), value->>1, value->>2, value->>3, value->>4, unhex(value->>5) \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (letter_id) DO UPDATE SET asked_at = excluded.asked_at, \
           due_at = excluded.due_at, attempts = excluded.attempts, \
           expires_at = excluded.expires_at, asked_sealed = excluded.asked_sealed",
        changes.letters.iter().map(|row| {
            let [asked_at, due_at, expires_at] =
                [row.asked_at, row.due_at, row.expires_at].map(|at| at.timestamp_micros());
            (id(row.id), asked_at, due_at, row.attempts, expires_at, hex(&row.asked.to_bytes()))
        }),
    )
    .await?;
    write_all(
        c,
        "DELETE FROM recovery_letter WHERE letter_id IN (SELECT unhex(value->>0) FROM json_each(?1))",
        changes.sent_letters.iter().map(|letter| (id(*letter),)),
    )
    .await?;
    let mut links = Vec::with_capacity(changes.recovery_links.len());
    for row in &changes.recovery_links {
        let link = serde_json::to_string(&row.link);
        let link = link.map_err(|_| BackendError::Corrupt("link to write"))?;
        links.push((id(row.school.0), id(row.link.account().0), hex(&row.token.0), link));
    }
    write_all(
        c,
        "INSERT INTO recovery_link (school_id, account_id, token_hash, link) \
         SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), value->>3 \
         FROM json_each(?1) WHERE true \
         ON CONFLICT (school_id, account_id) DO UPDATE SET token_hash = excluded.token_hash, \
           link = excluded.link",
        links.into_iter(),
    )
    .await
}
