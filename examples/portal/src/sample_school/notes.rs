//! What a data folder remembers of its sample schools: `sample.json`.

use std::{fs, io, path::Path};

use chrono::NaiveDate;
use eschool_core::id::SchoolId;
use serde::{Deserialize, Deserializer, Serialize};

use crate::start::{self, StartError};

/// The notes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Notes {
    /// The day on which the sample was first imported: its people depend on it.
    pub(super) first_day: NaiveDate,
    /// The last day whose files were imported.
    #[serde(default)]
    pub(super) imported_on: Option<NaiveDate>,
    /// The schools that are there, in the order of the sample. There was one once, by itself.
    #[serde(default, alias = "school", deserialize_with = "one_or_several")]
    pub(super) schools: Vec<SchoolId>,
    /// The cards, once they are made.
    #[serde(default)]
    pub(super) cards: Option<Vec<Card>>,
}

/// A card of an invented pupil.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Card {
    /// Family name, given name, patronymic.
    pub(super) name: String,
    /// The class.
    pub(super) class: String,
    /// The login.
    pub(super) login: String,
    /// The password, in the clear: nobody real has it.
    pub(super) password: String,
}

impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Card(***)")
    }
}

impl Notes {
    /// The notes of a sample that begins on a day.
    pub(super) const fn begin(first_day: NaiveDate) -> Self {
        Self { first_day, imported_on: None, schools: Vec::new(), cards: None }
    }

    /// Reads the notes, if there are any.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, StartError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StartError::Folder { path: path.into(), error }),
        };
        let notes = serde_json::from_str(&text);
        notes.map(Some).map_err(|_| StartError::SampleNotes { path: path.into() })
    }

    /// Writes the notes, whole or not at all.
    pub(super) fn write(&self, path: &Path) -> Result<(), StartError> {
        let failed = |error| StartError::Folder { path: path.into(), error };
        let text = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        start::replace(path, text.as_bytes()).map_err(failed)
    }
}

/// Several schools, one, or `null`.
fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SchoolId>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Schools {
        Several(Vec<SchoolId>),
        One(Option<SchoolId>),
    }
    Ok(match Schools::deserialize(from)? {
        Schools::Several(schools) => schools,
        Schools::One(school) => school.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_of_one_school_are_still_read() {
        let id = "019379ab-0000-7000-8000-000000000001";
        let other = "019379ab-0000-7000-8000-000000000002";
        for (schools, expected) in [
            (String::new(), &[][..]),
            (r#", "school": null"#.into(), &[]),
            (format!(r#", "school": "{id}""#), &[id]),
            (format!(r#", "schools": ["{id}", "{other}"]"#), &[id, other]),
        ] {
            let text = format!(r#"{{"firstDay": "2026-09-01"{schools}}}"#);
            let notes: Notes = serde_json::from_str(&text).unwrap();
            let ids: Vec<_> = notes.schools.iter().map(ToString::to_string).collect();
            assert_eq!(ids, expected, "{text}");
            let again: Notes =
                serde_json::from_str(&serde_json::to_string(&notes).unwrap()).unwrap();
            assert_eq!(again.schools, notes.schools);
        }
        for wrong in [r#"{"firstDay": "2026-09-01", "school": 7}"#, r#"{"schools": []}"#] {
            assert!(serde_json::from_str::<Notes>(wrong).is_err(), "{wrong}");
        }
    }
}
