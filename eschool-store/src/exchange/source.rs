//! Where the files of a school are read from.

use std::io::{Cursor, Read, Seek};

use super::{ExchangeError, FileForm, FileKind, FileName, SchoolFiles};

/// The files of one school, wherever they lie: in a folder ([`SchoolFolder`](super::SchoolFolder)), in
/// memory ([`SchoolFiles`]), or where a program of yours has them.
///
/// A text is read row by row and not held: what is kept of journals is what their rows say, each different
/// word once and some tens of bytes a mark. The text of the files of people is held until they are taken
/// in, and so is that of a spreadsheet's first sheet. Whoever imports waits for the files as for any other:
/// reading them blocks the thread.
///
/// ```
/// use std::{fs::File, path::PathBuf};
///
/// use eschool_store::exchange::{
///     ExchangeError, FileForm, FileKind, FileName, SchoolFile, SchoolSource,
/// };
///
/// /// Files that another program names in its own way: `42-marks.csv`.
/// struct Numbered(PathBuf, u32);
///
/// impl Numbered {
///     fn path(&self, kind: FileKind) -> PathBuf {
///         self.0.join(format!("{}-{}", self.1, kind.name()))
///     }
/// }
///
/// impl SchoolSource for Numbered {
///     fn form(&self, kind: FileKind) -> Option<FileForm> {
///         self.path(kind).is_file().then_some(FileForm::Csv)
///     }
///
///     fn open(&self, kind: FileKind) -> Result<Box<dyn SchoolFile + '_>, ExchangeError> {
///         let file = FileName::from(kind);
///         let failed = |error: std::io::Error| {
///             ExchangeError::FileUnreadable { file, reason: error.kind() }
///         };
///         Ok(Box::new(File::open(self.path(kind)).map_err(failed)?))
///     }
/// }
/// ```
pub trait SchoolSource: Send + Sync {
    /// How a file is written; none if it is not there.
    fn form(&self, kind: FileKind) -> Option<FileForm>;

    /// Opens a file at its beginning. A file is opened several times, for how it is written is found out
    /// before it is read, and has to be the same each time: another length is
    /// [`ExchangeError::FileChanged`]. A source that knows better says so by
    /// [`std::io::Error::other`] of that.
    ///
    /// # Errors
    /// [`ExchangeError::FileMissing`], [`ExchangeError::FileUnreadable`], and
    /// [`ExchangeError::FileChanged`] for one that is not what it was.
    fn open(&self, kind: FileKind) -> Result<Box<dyn SchoolFile + '_>, ExchangeError>;
}

/// An open file: anything that can be read, and read again from its beginning.
///
/// ```
/// use eschool_store::exchange::SchoolFile;
///
/// fn is_file(_: impl SchoolFile) {}
/// is_file(std::io::Cursor::new("Наименование\nШкола № 7\n"));
/// ```
pub trait SchoolFile: Read + Seek + Send {}

impl<T: Read + Seek + Send> SchoolFile for T {}

impl SchoolSource for SchoolFiles {
    fn form(&self, kind: FileKind) -> Option<FileForm> {
        self.iter().find(|(name, _)| name.kind == kind).map(|(name, _)| name.form)
    }

    fn open(&self, kind: FileKind) -> Result<Box<dyn SchoolFile + '_>, ExchangeError> {
        match self.get(kind) {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes))),
            None => Err(ExchangeError::FileMissing { file: kind.into() }),
        }
    }
}

/// The names of the files that are there, in the order of reading.
pub(super) fn names(files: &dyn SchoolSource) -> impl Iterator<Item = FileName> + '_ {
    FileKind::ALL
        .into_iter()
        .filter_map(|kind| files.form(kind).map(|form| FileName { kind, form }))
}
