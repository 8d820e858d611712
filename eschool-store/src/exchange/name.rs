//! What a file is called: its kind and its form.

use std::fmt;

use super::{ExchangeError, FileKind, SchoolFiles};

/// How a file is written.
///
/// ```
/// use eschool_store::exchange::FileForm;
///
/// assert_eq!(FileForm::Xlsx.extension(), "xlsx");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileForm {
    /// A table as text.
    #[default]
    Csv,
    /// A spreadsheet, of which the first sheet is meant.
    Xlsx,
}

impl FileForm {
    /// What the names of such files end with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// The name of a file: what it holds, and how it is written.
///
/// ```
/// use eschool_store::exchange::{FileForm, FileKind, FileName};
///
/// let name = FileName::of("parents.xlsx").ok_or("a known name")?;
/// assert_eq!(name, FileName { kind: FileKind::Parents, form: FileForm::Xlsx });
/// assert_eq!(name.to_string(), "parents.xlsx");
/// assert_eq!(FileName::of("parents.xls"), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName {
    /// What the file holds.
    pub kind: FileKind,
    /// How it is written.
    pub form: FileForm,
}

impl FileName {
    /// The file of this name, if a school exchanges one that is called so.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        let form = [FileForm::Csv, FileForm::Xlsx];
        let form = form.into_iter().find(|form| form.extension() == extension)?;
        let kind = FileKind::ALL.into_iter().find(|kind| kind.stem() == stem)?;
        Some(Self { kind, form })
    }

    /// That a file is no longer than it may be.
    pub(super) const fn fits(self, bytes: u64) -> Result<(), ExchangeError> {
        let longest = match self.form {
            FileForm::Csv => SchoolFiles::LONGEST_FILE,
            FileForm::Xlsx => SchoolFiles::LONGEST_SPREADSHEET,
        };
        if bytes > longest { Err(ExchangeError::FileTooLarge { file: self }) } else { Ok(()) }
    }
}

impl From<FileKind> for FileName {
    /// The file as text.
    fn from(kind: FileKind) -> Self {
        Self { kind, form: FileForm::Csv }
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind.stem(), self.form.extension())
    }
}
