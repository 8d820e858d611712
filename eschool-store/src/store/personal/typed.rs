//! Rows of exchange files that were refused, and of whom they tell.

use eschool_core::{identity::fold_name, people::Account};

use crate::{
    backend::{Backend, Registry},
    store::{Store, places::of_refused_row, refused_rows::heading},
};

/// A refused row, opened.
pub(super) struct TypedRow {
    /// The file.
    pub(super) file: String,
    /// The line.
    pub(super) line: u32,
    /// What was typed, as it is kept.
    pub(super) text: String,
    cells: Vec<(String, String)>,
}

impl<B: Backend> Store<B> {
    /// The rows that were refused in a school, each opened once. What does not open any more tells
    /// nobody anything, and is left out.
    pub(super) fn typed_rows(&self, registry: &Registry) -> Vec<TypedRow> {
        let opened = registry.refused_rows.iter().filter_map(|row| {
            let place = of_refused_row(row.school, &row.file, row.line);
            let opened = self.inner.vault.open(&place, &row.typed).ok()?;
            let text = String::from_utf8_lossy(&opened).into_owned();
            let cells = serde_json::from_str(&text).unwrap_or_default();
            Some(TypedRow { file: row.file.clone(), line: row.line, text, cells })
        });
        opened.collect()
    }
}

impl TypedRow {
    /// Whether the row tells of somebody: by family and given name, in cells of their own or as
    /// words of one cell, by СНИЛС, phone or e-mail.
    pub(super) fn tells_of(&self, account: &Account) -> bool {
        let has_name = self.has_name(account.name.family(), account.name.given());
        let snils = account.snils.map(|snils| format!("{:011}", snils.digits()));
        let phone = account.phone.as_ref().and_then(|phone| number(&phone.to_string()));
        let email = account.email.as_ref().map(|email| email.canonical());
        let has_key = self.cells.iter().any(|(named, cell)| {
            snils.is_some() && Some(digits(cell)) == snils
                || phone.is_some()
                    && !is_named(named, heading::SNILS)
                    && cell.split([',', ';']).any(|one| number(one) == phone)
                || email.is_some() && Some(cell.trim().to_lowercase()) == email
        });
        has_name || has_key
    }

    fn has_name(&self, family: &str, given: &str) -> bool {
        let (family, given) = (fold_name(family), fold_name(given));
        let under = |heading: &str, name: &str| {
            let mut cells = self.cells.iter().filter(|(named, _)| is_named(named, heading));
            cells.any(|(_, cell)| fold_name(cell) == name)
        };
        let together = self.cells.iter().any(|(_, cell)| {
            let cell = format!(" {} ", fold_name(cell));
            [&family, &given].iter().all(|name| cell.contains(&format!(" {name} ")))
        });
        together || under(heading::FAMILY, &family) && under(heading::GIVEN, &given)
    }
}

fn is_named(named: &str, heading: &str) -> bool {
    fold_name(named) == fold_name(heading)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A phone without its country: the last ten digits of ten or eleven.
fn number(text: &str) -> Option<String> {
    let digits = digits(text);
    let from = digits.len().checked_sub(10).filter(|from| *from <= 1)?;
    digits.get(from..).map(Into::into)
}
