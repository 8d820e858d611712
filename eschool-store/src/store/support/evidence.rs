//! What is near a refused person.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use eschool_core::{
    diagnosis::{
        CaseEvidence, NearAccount, RefusedEntry, Relation, Relative, RowPlace, TypedPerson,
    },
    error::ApiError,
    id::{AccountId, ClassId, PersonId, SchoolId},
    identity::fold_name,
    journal::classes_on,
    people::TypedEntry,
    signin::EsiaPerson,
};

use crate::{
    backend::{Backend, RefusedRow, Registry, Tx},
    secret::ClaimKind,
    store::{
        Store, StoreError,
        places::of_refused_row,
        refused_rows::{FORM, heading},
    },
};

impl<B: Backend> Store<B> {
    /// Everything near somebody of ЕСИА: accounts with the same key wherever they are, accounts and
    /// refused entries with the same name in this school and in those where a key was found.
    pub(super) async fn case_evidence(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        person: &EsiaPerson,
    ) -> Result<CaseEvidence, StoreError> {
        let keys = self.keys_to_look_by(person.snils, person.verified_phone);
        let claims = tx.claims(&keys).await?;
        let people: BTreeSet<PersonId> = claims.iter().map(|claim| claim.person).collect();
        let by_phone = claims.iter().filter(|claim| claim.kind == ClaimKind::Phone);
        let holders: BTreeSet<PersonId> = by_phone.map(|claim| claim.person).collect();
        let joined = tx.accounts_of(&people.into_iter().collect::<Vec<_>>()).await?;
        let by_key = claims.iter().map(|claim| (claim.school, claim.account)).chain(joined);
        let mut near: BTreeSet<(SchoolId, AccountId)> = by_key.collect();

        let schools: BTreeSet<SchoolId> =
            near.iter().map(|(school, _)| *school).chain([school]).collect();
        let mut registries = BTreeMap::new();
        let phone_is_shared =
            holders.len() > 1 || self.is_shared(tx, person.verified_phone).await?;
        let mut evidence = CaseEvidence { phone_is_shared, ..Default::default() };
        for school in schools {
            let Some(zone) = tx.school(school).await?.map(|school| self.zone(&school)) else {
                continue;
            };
            let registry = tx.registry(school).await?;
            let is_named = |name: &eschool_core::identity::FullName| {
                name.family_matches(&person.name) && name.given_matches(&person.name)
            };
            let named = registry.accounts.iter().filter(|account| is_named(&account.name));
            near.extend(named.map(|account| (school, account.id)));
            let today = self.at(zone).date;
            evidence.refused.extend(self.near_entries(&registry, person, today));
            registries.insert(school, (registry, today));
        }
        let near: Vec<_> = near.into_iter().collect();
        let ids: Vec<AccountId> = near.iter().map(|(_, account)| *account).collect();
        evidence.kept_apart = tx.kept_apart(Some(&ids)).await?;
        for member in tx.members(&near).await? {
            let Some((registry, today)) = registries.get(&member.account.school) else { continue };
            let closing = self.candidate(&member, Vec::new(), *today)?.closing(self.rules(*today));
            evidence.accounts.push(NearAccount {
                account: self.open_account(&member.account)?,
                classes: classes_of(registry, member.account.id, *today),
                until: closing.and_then(|closing| closing.closed_from.pred_opt()),
                relatives: self.relatives(registry, member.account.id, *today)?,
            });
        }
        Ok(evidence)
    }

    fn relatives(
        &self,
        registry: &Registry,
        account: AccountId,
        today: NaiveDate,
    ) -> Result<Vec<Relative>, StoreError> {
        let bonds = &registry.guardianships;
        let children = || bonds.iter().filter(move |bond| bond.parent == account);
        let mut related: Vec<(AccountId, Relation)> =
            children().map(|bond| (bond.child, Relation::Child)).collect();
        let parents = bonds.iter().filter(|bond| bond.child == account);
        related.extend(parents.map(|bond| (bond.parent, Relation::Parent)));
        for child in children() {
            let others = bonds.iter().filter(|bond| bond.child == child.child);
            let others = others.filter(|bond| bond.parent != account);
            related.extend(others.map(|bond| (bond.parent, Relation::CoParent)));
        }
        related.sort_unstable();
        related.dedup();
        let mut relatives = Vec::with_capacity(related.len());
        for (id, relation) in related {
            let Some(stored) = registry.accounts.iter().find(|stored| stored.id == id) else {
                continue;
            };
            let account = self.open_account(stored)?;
            let classes = classes_of(registry, id, today);
            relatives.push(Relative { relation, account, classes });
        }
        Ok(relatives)
    }

    /// Refused rows and entries with the person's family name or СНИЛС.
    fn near_entries(
        &self,
        registry: &Registry,
        person: &EsiaPerson,
        today: NaiveDate,
    ) -> Vec<RefusedEntry> {
        let family = fold_name(person.name.family());
        let mut near = Vec::new();
        for row in &registry.refused_rows {
            // What does not open any more, or is no row, tells nobody anything.
            let place = of_refused_row(row.school, &row.file, row.line);
            let Ok(opened) = self.inner.vault.open(&place, &row.typed) else { continue };
            let Ok(cells) = serde_json::from_slice::<Vec<(String, String)>>(&opened) else {
                continue;
            };
            let entry = refused_entry(registry, row, &cells, today);
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let is_number = person.snils.is_some_and(|snils| {
                digits(&entry.typed.snils) == format!("{:011}", snils.digits())
            });
            if is_number || fold_name(&entry.typed.family) == family {
                near.push(entry);
            }
        }
        near
    }
}

/// A pupil's own classes, or those of a parent's children.
fn classes_of(registry: &Registry, account: AccountId, today: NaiveDate) -> Vec<ClassId> {
    let bonds = registry.guardianships.iter().filter(|bond| bond.parent == account);
    let pupils = std::iter::once(account).chain(bonds.map(|bond| bond.child));
    let mut classes: Vec<ClassId> = pupils
        .flat_map(|pupil| {
            let stays: Vec<_> =
                registry.stays.iter().filter(|stay| stay.pupil == pupil).copied().collect();
            classes_on(&stays, today)
        })
        .collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

fn refused_entry(
    registry: &Registry,
    row: &RefusedRow,
    cells: &[(String, String)],
    today: NaiveDate,
) -> RefusedEntry {
    let cell = |heading: &str| {
        let found = cells.iter().find(|(named, _)| named == heading);
        found.map(|(_, cell)| cell.clone()).unwrap_or_default()
    };
    let typed = TypedEntry {
        family: cell(heading::FAMILY),
        given: cell(heading::GIVEN),
        patronymic: cell(heading::PATRONYMIC),
        birth_date: cell(heading::BIRTH_DATE),
        snils: cell(heading::SNILS),
        phone: cell(heading::PHONE),
        email: cell(heading::EMAIL),
    };
    let class = cell(heading::CLASS);
    let named = registry.classes.iter().filter(|known| known.name.to_string() == class.trim());
    RefusedEntry {
        school: row.school,
        row: (row.file != FORM).then(|| RowPlace { file: row.file.clone(), line: row.line }),
        error: why(row, &typed, today),
        cell: if row.column.is_empty() { String::new() } else { cell(&row.column) },
        classes: named.map(|class| class.id).collect(),
        typed: TypedPerson {
            family: typed.family,
            given: typed.given,
            birth_date: typed.birth_date,
            snils: typed.snils,
            phone: typed.phone,
        },
    }
}

/// Why a row was refused. Its code is kept; the words are found again by what was typed.
fn why(row: &RefusedRow, typed: &TypedEntry, today: NaiveDate) -> ApiError {
    let column = Some(row.column.as_str()).filter(|column| !column.is_empty());
    match typed.read(today) {
        Err(error) if eschool_core::error::CodedError::code(&error) == row.code => {
            ApiError::of(&error, column)
        }
        _ => ApiError {
            code: row.code.clone(),
            field: column.map(String::from),
            value: None,
            text_ru: "Запись не принята".into(),
            text_en: "the entry was refused".into(),
        },
    }
}
