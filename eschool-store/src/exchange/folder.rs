//! The files of one school, in a folder.

#[cfg(unix)]
use std::os::unix::fs::MetadataExt as _;
use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::{self, Path, PathBuf},
    time::SystemTime,
};

use super::{ExchangeError, FileForm, FileKind, FileName, SchoolFile, SchoolFiles, SchoolSource};

/// The files of one school in a folder, which stay there and are read as they are needed. Others that
/// lie there are left alone.
///
/// ```
/// use eschool_store::exchange::{FileForm, FileKind, SchoolFolder, SchoolSource as _};
///
/// # let place = std::env::temp_dir().join(format!("eschool-folder-{}", std::process::id()));
/// # std::fs::create_dir_all(&place)?;
/// std::fs::write(place.join("finals.csv"), "Класс;Ученик;Предмет;Период;Отметка\n")?;
/// let folder = SchoolFolder::corrections_at(&place)?;
/// assert_eq!(folder.form(FileKind::Finals), Some(FileForm::Csv));
/// assert_eq!(folder.form(FileKind::Marks), None);
///
/// let error = SchoolFolder::at(&place).unwrap_err();
/// assert_eq!(error.to_string(), "`school.csv` is missing");
/// # std::fs::remove_dir_all(&place)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SchoolFolder {
    folder: PathBuf,
    files: BTreeMap<FileKind, (FileForm, Seen)>,
}

/// A file as it was seen first.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    length: u64,
    /// None where the system does not tell.
    modified: Option<SystemTime>,
    /// Another file may have been put in its place with the time of the first.
    #[cfg(unix)]
    node: (u64, u64),
}

impl SchoolFolder {
    /// Looks which files a folder has. Where one is there both as text and as a spreadsheet, the text
    /// is meant.
    ///
    /// # Errors
    /// [`ExchangeError::FileMissing`] for a [required](FileKind::is_required) file that is not there,
    /// [`ExchangeError::FileUnreadable`] for one the system does not give out,
    /// [`ExchangeError::FileTooLarge`] beyond [`LONGEST_FILE`](SchoolFiles::LONGEST_FILE).
    pub fn at(folder: &Path) -> Result<Self, ExchangeError> {
        Self::at_with(folder, FileForm::Csv)
    }

    /// The same, but where a file is there in both forms, it is this one that is meant.
    ///
    /// # Errors
    /// As [`at`](Self::at).
    pub fn at_with(folder: &Path, first: FileForm) -> Result<Self, ExchangeError> {
        let found = Self::look(folder, first)?;
        let missing = |kind: &FileKind| kind.is_required() && found.form(*kind).is_none();
        match FileKind::ALL.into_iter().find(missing) {
            Some(kind) => Err(ExchangeError::FileMissing { file: kind.into() }),
            None => Ok(found),
        }
    }

    /// Looks into a folder in which none of the files is required: corrections of refused rows.
    ///
    /// # Errors
    /// As [`at`](Self::at), but for a missing file.
    pub fn corrections_at(folder: &Path) -> Result<Self, ExchangeError> {
        Self::look(folder, FileForm::Csv)
    }

    fn look(folder: &Path, first: FileForm) -> Result<Self, ExchangeError> {
        let forms = match first {
            FileForm::Csv => [FileForm::Csv, FileForm::Xlsx],
            FileForm::Xlsx => [FileForm::Xlsx, FileForm::Csv],
        };
        // Who goes elsewhere meanwhile finds the files all the same.
        let folder = path::absolute(folder).unwrap_or_else(|_| folder.into());
        let mut found = Self { folder, files: BTreeMap::new() };
        for kind in FileKind::ALL {
            for form in forms {
                let name = FileName { kind, form };
                if let Some(seen) = Seen::at(&found.path(name), name)? {
                    found.files.insert(kind, (form, seen));
                    break;
                }
            }
        }
        Ok(found)
    }

    /// All of it in memory.
    ///
    /// # Errors
    /// [`ExchangeError::FileUnreadable`], and [`ExchangeError::FileChanged`] for a file that is not what
    /// it was when the folder was opened.
    pub fn read(&self) -> Result<SchoolFiles, ExchangeError> {
        let mut files = SchoolFiles::default();
        for (kind, (form, seen)) in &self.files {
            let file = FileName { kind: *kind, form: *form };
            let mut bytes = Vec::new();
            let mut opened = self.open(*kind)?.take(seen.length.saturating_add(1));
            opened.read_to_end(&mut bytes).map_err(|error| ExchangeError::of_io(file, &error))?;
            if bytes.len() as u64 != seen.length {
                return Err(ExchangeError::FileChanged { file });
            }
            files.put(file, bytes);
        }
        Ok(files)
    }

    fn path(&self, name: FileName) -> PathBuf {
        self.folder.join(name.to_string())
    }
}

impl SchoolSource for SchoolFolder {
    fn form(&self, kind: FileKind) -> Option<FileForm> {
        self.files.get(&kind).map(|(form, _)| *form)
    }

    fn open(&self, kind: FileKind) -> Result<Box<dyn SchoolFile + '_>, ExchangeError> {
        let Some((form, seen)) = self.files.get(&kind) else {
            return Err(ExchangeError::FileMissing { file: kind.into() });
        };
        let name = FileName { kind, form: *form };
        let failed = |error: io::Error| match error.kind() {
            // It was there.
            io::ErrorKind::NotFound => ExchangeError::FileChanged { file: name },
            _ => ExchangeError::of_io(name, &error),
        };
        let opened = open(&self.path(name)).map_err(failed)?;
        let watched = Watched { file: opened, name, seen: *seen };
        watched.check().map_err(failed)?;
        Ok(Box::new(watched))
    }
}

/// An open file that is to be what it was when its folder was looked at.
struct Watched {
    file: File,
    name: FileName,
    seen: Seen,
}

impl Watched {
    fn check(&self) -> io::Result<()> {
        if Seen::of(&self.file.metadata()?) == self.seen {
            return Ok(());
        }
        Err(io::Error::other(ExchangeError::FileChanged { file: self.name }))
    }
}

impl Read for Watched {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        if count == 0 {
            self.check()?;
        }
        Ok(count)
    }
}

impl Seek for Watched {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.file.seek(place)
    }
}

/// Opens a file; what is none – a folder, a pipe that nobody writes to – is not waited for.
fn open(path: &Path) -> io::Result<File> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_file() {
        return File::open(path);
    }
    let reason =
        if kind.is_dir() { io::ErrorKind::IsADirectory } else { io::ErrorKind::InvalidInput };
    Err(reason.into())
}

impl Seen {
    fn of(metadata: &fs::Metadata) -> Self {
        Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            node: (metadata.dev(), metadata.ino()),
        }
    }

    /// A file that can be opened and is no longer than it may be; none if it is not there.
    fn at(path: &Path, name: FileName) -> Result<Option<Self>, ExchangeError> {
        let metadata = match open(path).and_then(|file| file.metadata()) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ExchangeError::of_io(name, &error)),
        };
        name.fits(metadata.len())?;
        Ok(Some(Self::of(&metadata)))
    }
}

/// Which files there are and how long they are.
impl fmt::Debug for SchoolFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = self.files.iter().map(|(kind, (form, seen))| {
            (FileName { kind: *kind, form: *form }.to_string(), seen.length)
        });
        f.debug_map().entries(lengths).finish()
    }
}

#[cfg(test)]
mod tests {
    use eschool_core::error::CodedError as _;

    use super::*;

    #[test]
    fn a_file_that_was_changed_is_not_read_as_what_it_was() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("finals.csv");
        fs::write(&path, "Класс;Ученик\n7А;Дуб\n").unwrap();
        let folder = SchoolFolder::corrections_at(place.path()).unwrap();
        assert_eq!(
            folder.read().unwrap().get(FileKind::Finals),
            Some("Класс;Ученик\n7А;Дуб\n".as_bytes())
        );

        fs::write(&path, "Класс;Ученик\n7А;Клён\n").unwrap();
        assert_eq!(folder.read().unwrap_err().code(), "file_changed");
        fs::remove_file(&path).unwrap();
        assert_eq!(folder.read().unwrap_err().code(), "file_changed");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_put_in_the_place_of_another_is_another() {
        let place = tempfile::tempdir().unwrap();
        let (path, other) = (place.path().join("finals.csv"), place.path().join("other"));
        let time = SystemTime::now();
        for path in [&path, &other] {
            fs::write(path, "Класс;Ученик\n7А;Дуб\n").unwrap();
            File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
        }
        let folder = SchoolFolder::corrections_at(place.path()).unwrap();
        fs::rename(other, path).unwrap();
        assert_eq!(folder.read().unwrap_err().code(), "file_changed");
    }

    #[test]
    fn a_file_that_is_changed_while_it_is_read_is_told_at_its_end() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("finals.csv");
        fs::write(&path, "Класс;Ученик\n7А;Дуб\n").unwrap();
        let folder = SchoolFolder::corrections_at(place.path()).unwrap();
        let mut opened = folder.open(FileKind::Finals).unwrap();
        let mut some = [0; 5];
        opened.read_exact(&mut some).unwrap();
        // As long as it was.
        fs::write(&path, "Класс;Ученик\n7Б;Дуб\n").unwrap();
        let later = SystemTime::now() + std::time::Duration::from_secs(2);
        File::options().write(true).open(&path).unwrap().set_modified(later).unwrap();
        let error = opened.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(ExchangeError::of_io(FileKind::Finals.into(), &error).code(), "file_changed");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let place = tempfile::tempdir().unwrap();
        let _socket =
            std::os::unix::net::UnixListener::bind(place.path().join("marks.csv")).unwrap();
        let error = SchoolFolder::corrections_at(place.path()).unwrap_err();
        assert_eq!(error.code(), "file_unreadable");
    }

    #[test]
    fn of_two_forms_the_text_is_meant_unless_the_other_is_asked_for() {
        let place = tempfile::tempdir().unwrap();
        for name in ["finals.csv", "finals.xlsx", "marks.xlsx", "marks.xls"] {
            fs::write(place.path().join(name), "x").unwrap();
        }
        let form = |first| {
            let folder = SchoolFolder::look(place.path(), first).unwrap();
            [FileKind::Finals, FileKind::Marks, FileKind::Parents].map(|kind| folder.form(kind))
        };
        assert_eq!(form(FileForm::Csv), [Some(FileForm::Csv), Some(FileForm::Xlsx), None]);
        assert_eq!(form(FileForm::Xlsx), [Some(FileForm::Xlsx), Some(FileForm::Xlsx), None]);
    }

    #[test]
    fn what_is_told_of_a_folder_is_names_and_lengths() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("parents.csv"), "Фамилия\nЁлкина\n").unwrap();
        let folder = SchoolFolder::corrections_at(place.path()).unwrap();
        assert_eq!(format!("{folder:?}"), r#"{"parents.csv": 28}"#);
    }
}
