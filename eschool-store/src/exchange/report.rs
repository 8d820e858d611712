//! What an import tells.

use eschool_core::{
    error::CodedError,
    id::SchoolId,
    people::{Discrepancy, MandatoryField},
};
use serde::Serialize;

/// What became of one school's files.
///
/// It names rows by file, line and column, never by what stood in them; `line` counts rows as a
/// spreadsheet does, the heading being 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// The school.
    pub school: SchoolId,
    /// Its name.
    pub school_name: String,
    /// Rows by kind.
    pub counts: ImportCounts,
    /// Rows that were refused, by file in the order of reading, then by line.
    pub refused: Vec<Refused>,
    /// Parents' rows set aside for a person to settle: the СНИЛС is somebody else's.
    pub conflicts: Vec<Refused>,
    /// Rows that were taken though something mandatory is missing.
    pub incomplete: Vec<Incomplete>,
    /// Rows that say otherwise than what stood first.
    pub discrepancies: Vec<Differing>,
    /// Phones that stand in more than one account: the lines of first use in `parents.csv`. From
    /// now on such a phone identifies nobody.
    pub shared_phones: Vec<Vec<u32>>,
    /// Lines of `parents.csv` with names in which Latin letters stand for Cyrillic ones.
    pub latin_look_alikes: Vec<u32>,
    /// Parents with several children: the parent's first line, and the children.
    pub several_children: Vec<SeveralChildren>,
    /// Groups of two and more children joined by common parents.
    pub families_with_several_children: u32,
    /// Parents' accounts that were made; in a second import of the same files none.
    pub accounts_created: u32,
    /// Rows of the database that were added or changed; zero when everything was there already.
    pub changed: u64,
}

/// How many rows there were of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportCounts {
    /// Pupils: people, not rows.
    pub pupils: u32,
    /// Good rows of pupils.csv: stays.
    pub pupil_rows: u32,
    /// Rows of parents.csv, refused ones too.
    pub parent_rows: u32,
    /// Classes.
    pub classes: u32,
    /// Good rows of lessons.csv.
    pub lessons: u32,
    /// Good rows of marks.csv.
    pub marks: u32,
    /// Good rows of attendance.csv.
    pub attendance: u32,
    /// Good rows of finals.csv.
    pub finals: u32,
}

/// A row that was not taken, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// The file's name.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The column's heading.
    pub column: String,
    /// The stable code.
    pub code: &'static str,
    /// What a person reads, in Russian.
    pub text_ru: &'static str,
}

impl Refused {
    /// The refusal of a row for a typed error in one of its columns.
    #[must_use]
    pub fn of(file: &str, line: u32, column: &str, error: &dyn CodedError) -> Self {
        Self {
            file: file.into(),
            line,
            column: column.into(),
            code: error.code(),
            text_ru: error.text_ru(),
        }
    }
}

/// A row of parents.csv without something mandatory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Incomplete {
    /// The line.
    pub line: u32,
    /// What is missing.
    pub missing: MandatoryField,
}

/// A row of parents.csv that says otherwise than the account it joined, or says two things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Differing {
    /// The line.
    pub line: u32,
    /// Where.
    pub field: Discrepancy,
}

/// A parent of several children.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeveralChildren {
    /// The line of parents.csv on which the parent first stands.
    pub parent_line: u32,
    /// The children as «Фамилия Имя Отчество, класс», by name. For the person who runs the
    /// import, so it is personal data: not for a log.
    pub children: Vec<String>,
}
