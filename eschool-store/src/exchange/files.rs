//! The files of one school, as bytes.

use std::{collections::BTreeMap, fmt, fs, io, path::Path};

use super::ExchangeError;

/// What a file holds. The order is the one in which files are read and reported.
///
/// ```
/// use eschool_store::exchange::FileKind;
///
/// assert_eq!(FileKind::Parents.name(), "parents.csv");
/// assert_eq!(FileKind::of_name("parents.csv"), Some(FileKind::Parents));
/// assert!(FileKind::Pupils.is_required() && !FileKind::Parents.is_required());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// The school: name, founder, municipality, time zone.
    School,
    /// Vacations, holidays, working Saturdays.
    Calendar,
    /// Terms of each year of study.
    Periods,
    /// When lessons begin and end.
    Bells,
    /// Pupils' stays in classes, a row each.
    Pupils,
    /// Parent and child, a row each pair.
    Parents,
    /// Members of staff, a row each subject.
    Staff,
    /// The weekly timetable.
    Timetable,
    /// Lessons of the journal.
    Lessons,
    /// Homework for single pupils.
    IndividualHomework,
    /// Marks.
    Marks,
    /// Attendance.
    Attendance,
    /// Final marks.
    Finals,
}

impl FileKind {
    /// Every kind, in the order of reading.
    pub const ALL: [Self; 13] = [
        Self::School,
        Self::Calendar,
        Self::Periods,
        Self::Bells,
        Self::Pupils,
        Self::Parents,
        Self::Staff,
        Self::Timetable,
        Self::Lessons,
        Self::IndividualHomework,
        Self::Marks,
        Self::Attendance,
        Self::Finals,
    ];

    /// The file's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::School => "school.csv",
            Self::Calendar => "calendar.csv",
            Self::Periods => "periods.csv",
            Self::Bells => "bells.csv",
            Self::Pupils => "pupils.csv",
            Self::Parents => "parents.csv",
            Self::Staff => "staff.csv",
            Self::Timetable => "timetable.csv",
            Self::Lessons => "lessons.csv",
            Self::IndividualHomework => "individual_homework.csv",
            Self::Marks => "marks.csv",
            Self::Attendance => "attendance.csv",
            Self::Finals => "finals.csv",
        }
    }

    /// The kind of a file by its name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether a school cannot be imported without the file. One that is not required may be
    /// absent: then there is nothing of that kind in this import.
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(self, Self::School | Self::Calendar | Self::Periods | Self::Bells | Self::Pupils)
    }
}

/// The files of one school.
///
/// ```
/// use eschool_store::exchange::{FileKind, SchoolFiles};
///
/// let files = SchoolFiles::from_texts([("school.csv", "Наименование\nШкола № 7\n")]);
/// assert!(files.get(FileKind::School).is_some());
/// assert!(files.get(FileKind::Marks).is_none());
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SchoolFiles(BTreeMap<FileKind, Vec<u8>>);

impl SchoolFiles {
    /// The most bytes one file may have, 256 MiB: some thirty years of a large school's marks.
    pub const LONGEST_FILE: u64 = 256 << 20;

    /// Reads the known files of a folder; others are left alone.
    ///
    /// # Errors
    /// [`ExchangeError::FileMissing`] for a [required](FileKind::is_required) file that is not
    /// there, [`ExchangeError::FileUnreadable`] for one the system does not give out,
    /// [`ExchangeError::FileTooLarge`] beyond [`LONGEST_FILE`](Self::LONGEST_FILE).
    pub fn read_folder(folder: &Path) -> Result<Self, ExchangeError> {
        let mut files = Self::default();
        for kind in FileKind::ALL {
            match read(&folder.join(kind.name()), kind) {
                Ok(bytes) => drop(files.0.insert(kind, bytes)),
                Err(ExchangeError::FileMissing { .. }) if !kind.is_required() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(files)
    }

    /// Files by name, as somebody uploads them; those with a name nobody knows are left out.
    #[must_use]
    pub fn from_bytes<'a>(files: impl IntoIterator<Item = (&'a str, Vec<u8>)>) -> Self {
        let known = |(name, bytes)| Some((FileKind::of_name(name)?, bytes));
        Self(files.into_iter().filter_map(known).collect())
    }

    /// Files by name, as a program holds them that has a sample school built in.
    #[must_use]
    pub fn from_texts<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::from_bytes(files.into_iter().map(|(name, text)| (name, text.as_bytes().to_vec())))
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, kind: FileKind) -> Option<&[u8]> {
        self.0.get(&kind).map(Vec::as_slice)
    }
}

/// Which files there are and how long they are, not what stands in them.
impl fmt::Debug for SchoolFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = self.0.iter().map(|(kind, bytes)| (kind.name(), bytes.len()));
        f.debug_map().entries(lengths).finish()
    }
}

fn read(path: &Path, kind: FileKind) -> Result<Vec<u8>, ExchangeError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => ExchangeError::FileMissing { file: kind },
        reason => ExchangeError::FileUnreadable { file: kind, reason },
    };
    if fs::metadata(path).map_err(failed)?.len() > SchoolFiles::LONGEST_FILE {
        return Err(ExchangeError::FileTooLarge { file: kind });
    }
    fs::read(path).map_err(failed)
}
