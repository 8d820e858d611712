//! The school a set of files is about.

use std::collections::BTreeSet;

use eschool_core::{id::SchoolId, people::School};

use crate::{
    backend::{Backend, Changes, SchoolFrame, Turn},
    exchange::SchoolRow,
    store::{Store, StoreError, sign_in::commit},
};

/// A school that was not there when an import began.
#[derive(Clone, Copy)]
pub(super) struct Founded {
    pub(super) school: SchoolId,
    /// How many rows the import wrote; none where somebody else has made the school meanwhile.
    pub(super) rows: u64,
}

impl<B: Backend> Store<B> {
    /// Makes the school of a set of files, with the days that its people are about to come to.
    /// Who makes one decides by the names and prefixes of all, so others who do wait, and nobody
    /// else.
    pub(super) async fn make_school(
        &self,
        row: &SchoolRow,
        frame: SchoolFrame,
    ) -> Result<Founded, StoreError> {
        let mut tx = self.write_in(&[Turn::Schools]).await?;
        let schools = tx.schools().await?;
        if let Some(known) = schools.iter().find(|known| known.name == row.name) {
            return Ok(Founded { school: known.id, rows: 0 });
        }
        let (school, _) = self.school_of(schools, row.clone());
        let mut audit = self.audit_entry("import", "written", None, None);
        audit.school = Some(school.id);
        let founded = Founded { school: school.id, rows: 2 };
        let changes = Changes {
            frames: vec![(school.id, frame)],
            schools: vec![school],
            audit: vec![audit],
            ..Changes::default()
        };
        commit(tx, changes).await?;
        Ok(founded)
    }

    /// The school with this name, else a new one; and whether it has to be written.
    pub(super) fn school_of(&self, schools: Vec<School>, row: SchoolRow) -> (School, bool) {
        let found = schools.iter().position(|school| school.name == row.name);
        let old = found.and_then(|place| schools.get(place)).cloned();
        let kept = old.clone().unwrap_or_else(|| School {
            id: SchoolId(self.inner.ambient.new_id()),
            login_prefix: login_prefix(&row.name, &schools),
            name: row.name,
            founder: String::new(),
            municipality: String::new(),
            time_zone: self.inner.settings.time_zone.name().into(),
        });
        let school = School {
            founder: row.founder.unwrap_or(kept.founder),
            municipality: row.municipality.unwrap_or(kept.municipality),
            time_zone: row.time_zone.unwrap_or(kept.time_zone),
            ..kept
        };
        let differs = old.as_ref() != Some(&school);
        (school, differs)
    }
}

/// What a school's logins begin with: `s` and its number, «№ 27» → `s27`; where the name has none,
/// how many schools there are with this one. A prefix that is taken gets a letter, `s27b`.
fn login_prefix(name: &str, schools: &[School]) -> String {
    let taken: BTreeSet<_> = schools.iter().map(|school| school.login_prefix.as_str()).collect();
    let plain = match number_in(name) {
        Some(number) => format!("s{number}"),
        None => format!("s{}", schools.len() + 1),
    };
    if !taken.contains(plain.as_str()) {
        return plain;
    }
    let letters = ('b'..='z').map(|letter| format!("{plain}{letter}"));
    let further = (2_u32..).map(|count| format!("{plain}x{count}"));
    letters.chain(further).find(|prefix| !taken.contains(prefix.as_str())).unwrap_or(plain)
}

/// The number of a school: after «№», else the first in its name. At most six digits.
fn number_in(name: &str) -> Option<String> {
    const LONGEST: usize = 6;
    let first_number = |text: &str| {
        let digits: String = text
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .take(LONGEST)
            .collect();
        (!digits.is_empty()).then_some(digits)
    };
    let after_sign = name.split_once('№').and_then(|(_, rest)| first_number(rest));
    after_sign.or_else(|| first_number(name))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn school(prefix: &str) -> School {
        School {
            id: SchoolId(Uuid::nil()),
            name: String::new(),
            founder: String::new(),
            municipality: String::new(),
            time_zone: String::new(),
            login_prefix: prefix.into(),
        }
    }

    #[test]
    fn a_prefix_comes_from_the_number_and_is_nobody_elses() {
        for (name, taken, expected) in [
            ("МБОУ «Школа № 27»", &[][..], "s27"),
            ("1-е отделение школы №27 на 5 мест", &[], "s27"),
            ("Лицей 131", &[], "s131"),
            ("Гимназия", &["s1", "s9"], "s3"),
            ("Школа № 27", &["s27"], "s27b"),
            ("Школа № 27", &["s27", "s27b"], "s27c"),
            ("Школа № 12345678", &[], "s123456"),
        ] {
            let schools: Vec<_> = taken.iter().map(|prefix| school(prefix)).collect();
            let prefix = login_prefix(name, &schools);
            assert_eq!(prefix, expected, "{name}");
            assert_eq!(school(&prefix).validate(), Ok(()), "{name}");
        }
        let mut schools = vec![school("s7")];
        schools.extend(('b'..='z').map(|letter| school(&format!("s7{letter}"))));
        assert_eq!(login_prefix("№ 7", &schools), "s7x2");
    }
}
