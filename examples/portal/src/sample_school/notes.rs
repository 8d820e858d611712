//! What a data folder remembers of its sample school: `sample.json`.

use std::{fs, io, path::Path};

use chrono::NaiveDate;
use eschool_core::id::SchoolId;
use serde::{Deserialize, Serialize};

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
    /// The school, once it is there.
    #[serde(default)]
    pub(super) school: Option<SchoolId>,
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
    /// The notes of a school that begins on a day.
    pub(super) const fn begin(first_day: NaiveDate) -> Self {
        Self { first_day, imported_on: None, school: None, cards: None }
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
