//! The files of one school, in memory.

use std::{
    collections::BTreeMap,
    fmt, fs,
    io::{self, Write as _},
    path::Path,
};

use super::{FileForm, FileName};

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

    /// The file's name, as text.
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

    /// The name without what tells the form.
    pub(super) fn stem(self) -> &'static str {
        self.name().strip_suffix(".csv").unwrap_or(self.name())
    }

    /// The kind of a file by its name, in whichever form.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        FileName::of(name).map(|name| name.kind)
    }

    /// Whether a school cannot be imported without the file. One that is not required may be
    /// absent: then there is nothing of that kind in this import.
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(self, Self::School | Self::Calendar | Self::Periods | Self::Bells | Self::Pupils)
    }
}

/// The files of one school in memory; each kind once, as text or as a spreadsheet.
///
/// ```
/// use eschool_store::exchange::{FileKind, SchoolFiles};
///
/// let files = SchoolFiles::from_texts([("school.csv", "Наименование\nШкола № 7\n")]);
/// assert!(files.get(FileKind::School).is_some());
/// assert!(files.get(FileKind::Marks).is_none());
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SchoolFiles(BTreeMap<FileKind, (FileForm, Vec<u8>)>);

impl SchoolFiles {
    /// The most bytes one file may have, 256 MiB: some thirty years of a large school's marks. A
    /// spreadsheet may have 64 MiB, and 256 MiB once it is unpacked.
    pub const LONGEST_FILE: u64 = 256 << 20;
    pub(super) const LONGEST_SPREADSHEET: u64 = 64 << 20;

    /// Files by name, as somebody uploads them; those with a name nobody knows are left out.
    #[must_use]
    pub fn from_bytes<'a>(files: impl IntoIterator<Item = (&'a str, Vec<u8>)>) -> Self {
        let known = |(name, bytes)| {
            let FileName { kind, form } = FileName::of(name)?;
            Some((kind, (form, bytes)))
        };
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
        self.0.get(&kind).map(|(_, bytes)| bytes.as_slice())
    }

    /// The files that are there, in the order of reading, with their bytes.
    pub fn iter(&self) -> impl Iterator<Item = (FileName, &[u8])> {
        self.0
            .iter()
            .map(|(kind, (form, bytes))| (FileName { kind: *kind, form: *form }, bytes.as_slice()))
    }

    /// Puts a file in the place of the one of its kind.
    pub fn put(&mut self, file: FileName, bytes: Vec<u8>) {
        self.0.insert(file.kind, (file.form, bytes));
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes the files into a folder that is there, for this user alone: personal data stand in
    /// them. A file of one of their names is replaced, once the new one is written whole.
    ///
    /// # Errors
    /// Whatever the system says; what was written before stays.
    pub fn write_folder(&self, folder: &Path) -> io::Result<()> {
        for (name, bytes) in self.iter() {
            let unfinished = folder.join(format!("{name}.part"));
            let written = write_new(&unfinished, bytes)
                .and_then(|()| fs::rename(&unfinished, folder.join(name.to_string())));
            if let Err(error) = written {
                // Nothing is left to do where it cannot be removed either.
                let _ = fs::remove_file(&unfinished);
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Which files there are and how long they are, not what stands in them.
impl fmt::Debug for SchoolFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = self.iter().map(|(name, bytes)| (name.to_string(), bytes.len()));
        f.debug_map().entries(lengths).finish()
    }
}

/// Writes a file for this user alone, in the place of one that was left behind.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn files_are_written_for_one_user_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let files = SchoolFiles::from_texts([("school.csv", "Наименование\nШкола № 7\n")]);
        let (file, part) =
            (folder.path().join("school.csv"), folder.path().join("school.csv.part"));
        for left in [&file, &part] {
            fs::write(left, "old").unwrap();
            fs::set_permissions(left, fs::Permissions::from_mode(0o644)).unwrap();
        }
        files.write_folder(folder.path()).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read(&file).unwrap(), files.get(FileKind::School).unwrap());
        assert!(!part.exists());
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        files.write_folder(folder.path()).unwrap_err();
        assert!(!part.exists());
    }
}
