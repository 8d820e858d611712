//! Rows and entries of people that were refused, kept sealed as they were typed.
//!
//! Somebody who cannot sign in may stand in such a row: the evidence is there to be found, and
//! nobody reads it from the database alone.

use eschool_core::{identity::fold_name, people::TypedEntry};

/// What stands for the file where a refused entry was typed into a form.
pub(super) const FORM: &str = "form";

/// The headings under which people are kept, those of the files.
pub(super) mod heading {
    pub(in crate::store) const FAMILY: &str = "Фамилия";
    pub(in crate::store) const GIVEN: &str = "Имя";
    pub(in crate::store) const PATRONYMIC: &str = "Отчество";
    pub(in crate::store) const BIRTH_DATE: &str = "Дата рождения";
    pub(in crate::store) const SNILS: &str = "СНИЛС";
    pub(in crate::store) const PHONE: &str = "Телефон";
    pub(in crate::store) const EMAIL: &str = "Эл. почта";
    pub(in crate::store) const CLASS: &str = "Класс";
}

/// A row as typed: a JSON array of pairs, each a heading and its cell.
pub(super) fn typed<'t>(cells: impl IntoIterator<Item = (&'t str, &'t str)>) -> String {
    let pairs: Vec<[&str; 2]> = cells.into_iter().map(|(heading, cell)| [heading, cell]).collect();
    // Texts alone always make JSON.
    serde_json::to_string(&pairs).unwrap_or_default()
}

/// Whoever a row is of, by its own cells: a child whom a parent's row names is not.
pub(super) fn entry(cells: &[(String, String)]) -> TypedEntry {
    let cell = |heading: &str| {
        let heading = fold_name(heading);
        let found = cells.iter().find(|(named, _)| fold_name(named) == heading);
        found.map(|(_, cell)| cell.clone()).unwrap_or_default()
    };
    TypedEntry {
        family: cell(heading::FAMILY),
        given: cell(heading::GIVEN),
        patronymic: cell(heading::PATRONYMIC),
        birth_date: cell(heading::BIRTH_DATE),
        snils: cell(heading::SNILS),
        phone: cell(heading::PHONE),
        email: cell(heading::EMAIL),
    }
}
