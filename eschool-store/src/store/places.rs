//! Where sealed values stand: every place there is, so that none is forgotten when a key is.

use eschool_core::{
    id::{AccountId, SchoolId},
    signin::CaseCode,
};

use uuid::Uuid;

use crate::secret::{ClaimKind, KeyHash, Place};

/// Table and column of every place, for what goes through all of them.
#[cfg(any(test, feature = "testing"))]
pub(crate) const PLACES: [(&str, &str); 12] = [
    ("account", "snils"),
    ("account", "phone"),
    ("account", "email"),
    ("claim", "value"),
    ("shared_phone", "phone"),
    ("refused_row", "typed"),
    ("refused_sign_in", "said"),
    ("recovery_letter", "asked"),
    ("support_case", "case"),
    ("support_case", "person"),
    ("data_basis", "basis"),
    ("excuse", "excuse"),
];

/// What an account says of its person.
pub(crate) fn of_account(school: SchoolId, account: AccountId, column: &'static str) -> Place {
    Place::new("account", [school.0, account.0], column)
}

/// What a claim is the hash of.
pub(crate) fn of_claim(
    key: &KeyHash,
    kind: ClaimKind,
    school: SchoolId,
    account: AccountId,
) -> Place {
    let row = [&key.0[..], kind.code().as_bytes(), school.0.as_bytes(), account.0.as_bytes()];
    Place::new("claim", row, "value")
}

/// A phone that two people share.
pub(crate) fn of_shared_phone(key: &KeyHash) -> Place {
    Place::new("shared_phone", [key.0], "phone")
}

/// A refused row as it was typed.
pub(crate) fn of_refused_row(school: SchoolId, file: &str, line: u32) -> Place {
    let line = line.to_be_bytes();
    Place::new("refused_row", [school.0.as_bytes().as_slice(), file.as_bytes(), &line], "typed")
}

/// What ЕСИА said of somebody who was refused.
pub(crate) fn of_refused_sign_in(case: &CaseCode) -> Place {
    Place::new("refused_sign_in", [case.to_string()], "said")
}

/// What somebody typed who forgot a password.
pub(crate) fn of_letter(letter: Uuid) -> Place {
    Place::new("recovery_letter", [letter], "asked")
}

/// A support case with its steps.
pub(crate) fn of_support_case(case: &CaseCode) -> Place {
    Place::new("support_case", [case.to_string()], "case")
}

/// The number at ЕСИА of the person whom a support case is about.
pub(crate) fn of_case_person(case: &CaseCode) -> Place {
    Place::new("support_case", [case.to_string()], "person")
}

/// On what ground the data of a person are kept.
pub(crate) fn of_basis(school: SchoolId, account: AccountId, basis: Uuid) -> Place {
    Place::new("data_basis", [school.0, account.0, basis], "basis")
}

/// Why a pupil was absent.
pub(crate) fn of_excuse(school: SchoolId, pupil: AccountId, excuse: Uuid) -> Place {
    Place::new("excuse", [school.0, pupil.0, excuse], "excuse")
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::PLACES;

    /// A place that was made elsewhere would be lost with the key that sealed it.
    #[test]
    fn places_are_made_here_and_listed() {
        fn texts(folder: &Path, take: &mut impl FnMut(&Path, String)) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    texts(&path, take);
                } else if !path.ends_with("store/places.rs") {
                    take(&path, fs::read_to_string(&path).unwrap());
                }
            }
        }
        let made = concat!("Place", "::new(");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
        texts(&folder, &mut |path, text| assert!(!text.contains(made), "{}", path.display()));
        let own = fs::read_to_string(folder.join("places.rs")).unwrap();
        for table in own.split(made).skip(1).filter_map(|rest| rest.split('"').nth(1)) {
            assert!(PLACES.iter().any(|(listed, _)| *listed == table), "{table}");
        }
    }
}
