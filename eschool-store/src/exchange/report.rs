//! What an import tells.

use eschool_core::{
    error::CodedError,
    id::SchoolId,
    people::{Discrepancy, MandatoryField},
};
use serde::Serialize;

/// How files are taken in.
///
/// ```
/// use eschool_store::exchange::ImportOptions;
///
/// let trial = ImportOptions { dry_run: true, ..ImportOptions::default() };
/// assert!(!trial.replace);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Whether nothing is written: the report then tells what would be.
    pub dry_run: bool,
    /// Whether what the files no longer hold is removed, of what they are about; see
    /// [`import_school_with`](crate::Store::import_school_with).
    pub replace: bool,
}

/// What became of one school's files; of a dry run, what would.
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
    /// Rows that were refused, by file in the order of reading, then by line; among them rows of
    /// pupils and staff whose СНИЛС is somebody else's.
    pub refused: Vec<Refused>,
    /// Parents' rows set aside for a person to settle: the СНИЛС is somebody else's.
    pub conflicts: Vec<Refused>,
    /// Rows that were taken though something mandatory is missing.
    pub incomplete: Vec<Incomplete>,
    /// Rows that say otherwise than what stood first.
    pub discrepancies: Vec<Differing>,
    /// Phones that stand in more than one account: the lines of first use in `parents.csv`, one
    /// alone where the other account stands in no row of it. From now on such a phone identifies
    /// nobody.
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
    /// Rows of the database that were removed, because they were to be
    /// [replaced](ImportOptions::replace).
    pub removed: u64,
    /// Files of which nothing was removed though it was to be: a row of theirs was refused, and
    /// nobody can tell which of the rows that are there it stands for.
    pub kept_back: Vec<String>,
}

/// How many rows there were of each kind.
///
/// ```
/// use eschool_store::exchange::ImportCounts;
///
/// assert_eq!(ImportCounts::default().marks, 0);
/// ```
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
///
/// ```
/// use eschool_core::identity::Snils;
/// use eschool_store::exchange::Refused;
///
/// let error = Snils::parse("112-233-445 96").unwrap_err();
/// let refused = Refused::of("parents.csv", 229, "СНИЛС", &error);
/// assert_eq!((refused.line, refused.code), (229, "snils_checksum"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// The file's name.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The column's heading as the file has it; empty if the row is refused for its form.
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
///
/// ```
/// use eschool_core::people::MandatoryField;
/// use eschool_store::exchange::Incomplete;
///
/// let row = Incomplete { line: 148, missing: MandatoryField::Snils };
/// assert_eq!(serde_json::to_string(&row)?, r#"{"line":148,"missing":"snils"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Incomplete {
    /// The line.
    pub line: u32,
    /// What is missing.
    pub missing: MandatoryField,
}

/// A row of parents.csv that says otherwise than the account it joined, or says two things.
///
/// ```
/// use eschool_core::people::Discrepancy;
/// use eschool_store::exchange::Differing;
///
/// let row = Differing { line: 243, field: Discrepancy::BirthDate };
/// assert_eq!(serde_json::to_string(&row)?, r#"{"line":243,"field":"birth_date"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Differing {
    /// The line.
    pub line: u32,
    /// Where.
    pub field: Discrepancy,
}

/// A parent of several children.
///
/// ```
/// use eschool_store::exchange::SeveralChildren;
///
/// let children = vec!["Ёлкина Анна Олеговна, 7А".into(), "Ёлкин Пётр Олегович, 5Б".into()];
/// let parent = SeveralChildren { parent_line: 35, children };
/// assert!(!format!("{parent:?}").contains("Ёлкин"));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeveralChildren {
    /// The line of parents.csv on which the parent first stands.
    pub parent_line: u32,
    /// The children as «Фамилия Имя Отчество, класс», by name. For the person who runs the
    /// import, so it is personal data: not for a log.
    pub children: Vec<String>,
}

/// How many children there are, not who they are.
impl std::fmt::Debug for SeveralChildren {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SeveralChildren")
            .field("parent_line", &self.parent_line)
            .field("children", &self.children.len())
            .finish()
    }
}
