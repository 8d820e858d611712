//! Entries that cannot stand, kept sealed as typed.

use std::collections::BTreeSet;

use eschool_core::{
    error::CodedError,
    id::{AccountId, SchoolId},
    identity::fold_name,
    people::TypedEntry,
};

use super::{ParentError, desk::RegistryDesk};
use crate::{
    backend::{Backend, Changes, RefusedRow, Tx},
    secret::Purpose,
    store::{
        StoreError,
        places::of_refused_row,
        refused_rows::{FORM, heading, typed},
        sign_in::commit,
    },
};

impl<B: Backend> RegistryDesk<'_, B> {
    /// Under which line an entry is kept: the same for the same name beside the same account, so
    /// that an entry typed again takes the place of the former, and one that is right settles it.
    fn line(&self, typed: &TypedEntry, beside: AccountId) -> u32 {
        let name = [fold_name(&typed.family), fold_name(&typed.given)];
        let [family, given] = name.each_ref().map(|part| part.as_bytes());
        let school = self.school();
        let parts: [&[u8]; 5] = [b"form", school.0.as_bytes(), beside.0.as_bytes(), family, given];
        let hash = self.store.inner.vault.mac(Purpose::Token, &parts);
        hash.0.first_chunk().copied().map_or(0, u32::from_be_bytes)
    }

    /// The rows of this entry beside any of these accounts, as settled.
    pub(super) fn settled(
        &self,
        typed: &TypedEntry,
        beside: &[AccountId],
    ) -> impl Iterator<Item = (SchoolId, String, u32)> {
        let lines: BTreeSet<u32> = beside.iter().map(|id| self.line(typed, *id)).collect();
        let rows = self.registry.refused_rows.iter();
        let rows = rows.filter(move |row| row.file == FORM && lines.contains(&row.line));
        rows.map(|row| (self.school(), FORM.into(), row.line))
    }

    /// Keeps an entry that was refused, and gives back why. What failed beside the entry keeps
    /// nothing.
    pub(super) async fn keep_refused(
        &self,
        tx: Box<dyn Tx>,
        entry: &TypedEntry,
        beside: AccountId,
        error: ParentError,
    ) -> Result<ParentError, StoreError> {
        let kept = matches!(
            error,
            ParentError::Entry(_)
                | ParentError::SnilsConflict
                | ParentError::SnilsTaken
                | ParentError::SnilsOfChild
                | ParentError::Several
        );
        if !kept {
            return Ok(error);
        }
        let line = self.line(entry, beside);
        let column = error.field().map_or("", heading_of);
        let classes = self.classes(beside);
        let class = self.registry.classes.iter().find(|class| classes.contains(&class.id));
        let class = class.map(|class| class.name.to_string()).unwrap_or_default();
        let cells = [
            (heading::FAMILY, entry.family.as_str()),
            (heading::GIVEN, &entry.given),
            (heading::PATRONYMIC, &entry.patronymic),
            (heading::BIRTH_DATE, &entry.birth_date),
            (heading::SNILS, &entry.snils),
            (heading::PHONE, &entry.phone),
            (heading::EMAIL, &entry.email),
            (heading::CLASS, &class),
        ]
        .map(|(heading, cell)| (heading, bounded(cell)));
        let school = self.school();
        let nonce = self.store.inner.ambient.random();
        let sealed = self.store.inner.vault.seal(
            &of_refused_row(school, FORM, line),
            typed(cells).as_bytes(),
            nonce,
        )?;
        let row = RefusedRow {
            school,
            file: FORM.into(),
            line,
            column: column.into(),
            code: error.code().into(),
            typed: sealed,
        };
        let audit = vec![self.entry("parent", error.code(), beside)];
        commit(tx, Changes { refused_rows: vec![row], audit, ..Changes::default() }).await?;
        Ok(error)
    }
}

/// More than any sound cell has: nobody is to fill the database by a form.
const LONGEST_CELL: usize = 300;

fn bounded(cell: &str) -> &str {
    cell.char_indices().nth(LONGEST_CELL).map_or(cell, |(end, _)| cell.get(..end).unwrap_or(cell))
}

fn heading_of(field: &'static str) -> &'static str {
    match field {
        "family" => heading::FAMILY,
        "given" => heading::GIVEN,
        "patronymic" => heading::PATRONYMIC,
        "birthDate" => heading::BIRTH_DATE,
        "snils" => heading::SNILS,
        "phone" => heading::PHONE,
        "email" => heading::EMAIL,
        _ => "",
    }
}
