//! Accounts with the claims to them, and what they are in their school.

use sqlx::PgConnection;

use crate::{
    backend::{BackendError, Changes, StoredAccount},
    postgres::{
        bulk::{column, latest, write_all},
        membership::move_memberships,
        merges,
        value::to_json,
    },
    secret::Sealed,
};

pub(super) async fn apply(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    let accounts = latest(&changes.accounts, |account| (account.school, account.id));
    let listed = column(&accounts, |account| (account.person, account.school, account.id));
    move_memberships(c, &listed).await?;
    save_accounts(c, &accounts).await?;
    claims(c, &accounts, changes).await?;
    merges::apply(c, changes).await?;
    bonds(c, changes).await?;
    staff(c, changes).await?;
    refused_rows(c, changes).await
}

async fn save_accounts(
    c: &mut PgConnection,
    accounts: &[&StoredAccount],
) -> Result<(), BackendError> {
    let patronymics: Result<Vec<_>, _> =
        accounts.iter().map(|account| to_json(account.name.patronymic())).collect();
    let rows: Vec<_> = accounts.iter().zip(patronymics?).collect();
    write_all(
        c,
        "INSERT INTO account (school_id, account_id, person_id, family, given, patronymic, \
           birth_date, snils_sealed, phone_sealed, email_sealed) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], \
           $6::text[], $7::date[], $8::bytea[], $9::bytea[], $10::bytea[]) \
         ON CONFLICT (school_id, account_id) DO UPDATE SET person_id = excluded.person_id, \
           family = excluded.family, given = excluded.given, patronymic = excluded.patronymic, \
           birth_date = excluded.birth_date, snils_sealed = excluded.snils_sealed, \
           phone_sealed = excluded.phone_sealed, email_sealed = excluded.email_sealed",
        &rows,
        |statement, rows| {
            let sealed = |of: fn(&StoredAccount) -> Option<&crate::secret::Sealed>| {
                column(rows, |(account, _)| of(account).map(|sealed| sealed.to_bytes()))
            };
            statement
                .bind(column(rows, |(account, _)| account.school.0))
                .bind(column(rows, |(account, _)| account.id.0))
                .bind(column(rows, |(account, _)| account.person.0))
                .bind(column(rows, |(account, _)| account.name.family()))
                .bind(column(rows, |(account, _)| account.name.given()))
                .bind(column(rows, |(_, patronymic)| patronymic.as_str()))
                .bind(column(rows, |(account, _)| account.birth_date.map(|day| day.date())))
                .bind(sealed(|account| account.snils.as_ref()))
                .bind(sealed(|account| account.phone.as_ref()))
                .bind(sealed(|account| account.email.as_ref()))
        },
    )
    .await
}

async fn claims(
    c: &mut PgConnection,
    accounts: &[&StoredAccount],
    changes: &Changes,
) -> Result<(), BackendError> {
    // An account saved anew may have lost a key: the ones it brings are all it has.
    write_all(
        c,
        "DELETE FROM claim c USING unnest($1::uuid[], $2::uuid[]) AS n (school_id, account_id) \
         WHERE c.school_id = n.school_id AND c.account_id = n.account_id \
           AND c.kind IN ('snils', 'phone', 'email')",
        accounts,
        |statement, rows| {
            statement
                .bind(column(rows, |account| account.school.0))
                .bind(column(rows, |account| account.id.0))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM claim c USING unnest($1::uuid[], $2::uuid[]) AS n (school_id, account_id) \
         WHERE c.school_id = n.school_id AND c.account_id = n.account_id AND c.kind = 'esia_id'",
        &changes.lost_esia,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, account)| account.0))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO claim (key_hash, kind, school_id, account_id, person_id, value_sealed) \
         SELECT * FROM unnest($1::bytea[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], \
           $6::bytea[]) \
         ON CONFLICT (key_hash, kind, school_id, account_id) DO UPDATE SET \
           person_id = excluded.person_id, value_sealed = excluded.value_sealed",
        &latest(&changes.claims, |claim| (claim.key, claim.kind, claim.school, claim.account)),
        |statement, rows| {
            statement
                .bind(column(rows, |claim| claim.key.0))
                .bind(column(rows, |claim| claim.kind.code()))
                .bind(column(rows, |claim| claim.school.0))
                .bind(column(rows, |claim| claim.account.0))
                .bind(column(rows, |claim| claim.person.0))
                .bind(column(rows, |claim| claim.sealed.as_ref().map(Sealed::to_bytes)))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO shared_phone (key_hash, phone_sealed) \
         SELECT * FROM unnest($1::bytea[], $2::bytea[]) \
         ON CONFLICT (key_hash) DO UPDATE SET phone_sealed = excluded.phone_sealed",
        &latest(&changes.shared_phones, |row| row.key),
        |statement, rows| {
            statement
                .bind(column(rows, |row| row.key.0))
                .bind(column(rows, |row| row.phone.to_bytes()))
        },
    )
    .await
}

async fn bonds(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO stay (school_id, pupil_id, class_id, from_date, to_date) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::date[]) \
         ON CONFLICT (school_id, pupil_id, class_id, from_date) DO UPDATE SET \
           to_date = excluded.to_date",
        &latest(&changes.stays, |(school, stay)| (*school, stay.pupil, stay.class, stay.from)),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, stay)| stay.pupil.0))
                .bind(column(rows, |(_, stay)| stay.class.0))
                .bind(column(rows, |(_, stay)| stay.from))
                .bind(column(rows, |(_, stay)| stay.to))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO subgroup_membership \
           (school_id, pupil_id, class_id, subject, from_date, to_date, subgroup) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[], \
           $6::date[], $7::text[]) \
         ON CONFLICT (school_id, pupil_id, class_id, subject, from_date) DO UPDATE SET \
           to_date = excluded.to_date, subgroup = excluded.subgroup",
        &latest(&changes.subgroups, |(school, m)| {
            (*school, m.pupil, m.class, m.subject.as_deref().unwrap_or_default(), m.from)
        }),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, m)| m.pupil.0))
                .bind(column(rows, |(_, m)| m.class.0))
                .bind(column(rows, |(_, m)| m.subject.as_deref().unwrap_or_default()))
                .bind(column(rows, |(_, m)| m.from))
                .bind(column(rows, |(_, m)| m.to))
                .bind(column(rows, |(_, m)| m.subgroup.0.as_str()))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO guardianship \
           (school_id, parent_id, child_id, kinship, legal_representative, from_date, to_date, \
            barred) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::boolean[], \
           $6::date[], $7::date[], $8::boolean[]) \
         ON CONFLICT (school_id, parent_id, child_id) DO UPDATE SET kinship = excluded.kinship, \
           legal_representative = excluded.legal_representative, \
           from_date = excluded.from_date, to_date = excluded.to_date, barred = excluded.barred",
        &latest(&changes.guardianships, |(school, bond)| (*school, bond.parent, bond.child)),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, bond)| bond.parent.0))
                .bind(column(rows, |(_, bond)| bond.child.0))
                .bind(column(rows, |(_, bond)| bond.kinship.as_str()))
                .bind(column(rows, |(_, bond)| bond.legal_representative))
                .bind(column(rows, |(_, bond)| bond.from))
                .bind(column(rows, |(_, bond)| bond.until))
                .bind(column(rows, |(_, bond)| bond.barred))
        },
    )
    .await
}

async fn staff(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO staff_post (school_id, account_id, subject, class_teacher_of, to_date) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::date[]) \
         ON CONFLICT (school_id, account_id, subject) DO UPDATE SET \
           class_teacher_of = excluded.class_teacher_of, to_date = excluded.to_date",
        &latest(&changes.staff, |(school, post)| (*school, post.account, post.subject.as_str())),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, post)| post.account.0))
                .bind(column(rows, |(_, post)| post.subject.as_str()))
                .bind(column(rows, |(_, post)| post.class_teacher_of.map(|class| class.0)))
                .bind(column(rows, |(_, post)| post.until))
        },
    )
    .await?;
    write_all(
        c,
        "INSERT INTO duty (school_id, account_id, duty, since) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[]) \
         ON CONFLICT (school_id, account_id, duty) DO UPDATE SET since = excluded.since",
        &latest(&changes.duties, |(school, row)| (*school, row.account, row.duty.as_str())),
        |statement, rows| {
            statement
                .bind(column(rows, |(school, _)| school.0))
                .bind(column(rows, |(_, row)| row.account.0))
                .bind(column(rows, |(_, row)| row.duty.as_str()))
                .bind(column(rows, |(_, row)| row.since))
        },
    )
    .await
}

async fn refused_rows(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    write_all(
        c,
        "INSERT INTO refused_row (school_id, file, line, column_name, code, typed_sealed) \
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[], \
           $6::bytea[]) \
         ON CONFLICT (school_id, file, line) DO UPDATE SET column_name = excluded.column_name, \
           code = excluded.code, typed_sealed = excluded.typed_sealed",
        &latest(&changes.refused_rows, |row| (row.school, row.file.as_str(), row.line)),
        |statement, rows| {
            statement
                .bind(column(rows, |row| row.school.0))
                .bind(column(rows, |row| row.file.as_str()))
                .bind(column(rows, |row| i64::from(row.line)))
                .bind(column(rows, |row| row.column.as_str()))
                .bind(column(rows, |row| row.code.as_str()))
                .bind(column(rows, |row| row.typed.to_bytes()))
        },
    )
    .await?;
    write_all(
        c,
        "DELETE FROM refused_row r USING unnest($1::uuid[], $2::text[], $3::bigint[]) \
           AS n (school_id, file, line) \
         WHERE r.school_id = n.school_id AND r.file = n.file AND r.line = n.line",
        &changes.settled_rows,
        |statement, rows| {
            statement
                .bind(column(rows, |(school, ..)| school.0))
                .bind(column(rows, |(_, file, _)| file.as_str()))
                .bind(column(rows, |(.., line)| i64::from(*line)))
        },
    )
    .await
}
