//! Whose account is whose: a person's list of accounts, which lies by the person.
//!
//! What lies by the school and what lies by the person is never joined in a statement: the one is
//! read, and the other is written by what was read.

use std::collections::BTreeSet;

use eschool_core::id::{AccountId, PersonId, SchoolId};
use sqlx::PgConnection;

use super::{
    begun::heard,
    bulk::{ROWS, column, write_all},
    value::{Columns, failed},
};
use crate::backend::BackendError;

/// An account, and whose it is.
pub(super) type Membership = (PersonId, SchoolId, AccountId);

/// Those of these accounts that are there, as their own rows tell whose they are; whose they are
/// said to be does not matter.
pub(super) async fn present(
    c: &mut PgConnection,
    accounts: &[Membership],
) -> Result<BTreeSet<Membership>, BackendError> {
    let mut present = BTreeSet::new();
    for accounts in accounts.chunks(ROWS) {
        let rows = sqlx::query(
            "SELECT a.person_id, a.school_id, a.account_id FROM account a \
             JOIN unnest($1::uuid[], $2::uuid[]) AS n (school_id, account_id) \
               ON a.school_id = n.school_id AND a.account_id = n.account_id",
        )
        .bind(column(accounts, |(_, school, _)| school.0))
        .bind(column(accounts, |(.., account)| account.0))
        .fetch_all(&mut *c)
        .await
        .map_err(failed)?;
        heard();
        for row in &rows {
            let mut columns = Columns::of(row);
            let person = PersonId(columns.take()?);
            present.insert((person, SchoolId(columns.take()?), AccountId(columns.take()?)));
        }
    }
    Ok(present)
}

/// Lists accounts under the persons they are to belong to, and no longer under those they belong to
/// by their own rows, which must not have been written yet.
pub(super) async fn move_memberships(
    c: &mut PgConnection,
    accounts: &[Membership],
) -> Result<(), BackendError> {
    let mut former = present(c, accounts).await?;
    for membership in accounts {
        former.remove(membership);
    }
    let former: Vec<_> = former.into_iter().collect();
    write_all(
        c,
        "DELETE FROM membership m USING unnest($1::uuid[], $2::uuid[], $3::uuid[]) \
           AS n (person_id, school_id, account_id) \
         WHERE m.person_id = n.person_id AND m.school_id = n.school_id \
           AND m.account_id = n.account_id",
        &former,
        |statement, rows| {
            statement
                .bind(column(rows, |(person, ..)| person.0))
                .bind(column(rows, |(_, school, _)| school.0))
                .bind(column(rows, |(.., account)| account.0))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO membership (person_id, school_id, account_id) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) ON CONFLICT DO NOTHING",
        accounts,
        |statement, rows| {
            statement
                .bind(column(rows, |(person, ..)| person.0))
                .bind(column(rows, |(_, school, _)| school.0))
                .bind(column(rows, |(.., account)| account.0))
        },
    )
    .await
}
