//! Whether lines make an archive.

use alloc::{borrow::ToOwned as _, collections::BTreeMap, string::String};

use thiserror::Error;

use super::{ARCHIVE_VERSION, ArchiveEnd, ArchiveHeader, ArchiveLine};
use crate::error::CodedError;

/// Why lines are no archive of a school year.
///
/// ```
/// use eschool_core::{archive::ArchiveFault, error::CodedError};
///
/// assert_eq!(ArchiveFault::Newer(2).code(), "archive_newer");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ArchiveFault {
    /// It does not begin as an archive does.
    #[error("this is no archive of a school year")]
    NotAnArchive,
    /// A newer version of the program wrote it.
    #[error("the archive has version `{0}`, which a newer program wrote; update the program")]
    Newer(u32),
    /// A line is none that an archive has, or stands where none of its kind does.
    #[error("line `{0}` of the archive is damaged; take another copy of the file")]
    Damaged(u64),
    /// Lines are missing at its end.
    #[error("the archive is cut off; take another copy of the file")]
    CutOff,
    /// What is there is not what its last line says of it.
    #[error("the archive is not what its last line says; take another copy of the file")]
    Altered,
}

impl CodedError for ArchiveFault {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAnArchive => "archive_not_one",
            Self::Newer(_) => "archive_newer",
            Self::Damaged(_) => "archive_damaged",
            Self::CutOff => "archive_cut_off",
            Self::Altered => "archive_altered",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::NotAnArchive => "Это не архив учебного года. Проверьте, тот ли файл выбран",
            Self::Newer(_) => "Архив записан более новой версией программы: обновите программу",
            Self::Damaged(_) => "Архив повреждён. Возьмите другую копию файла",
            Self::CutOff => "Архив обрывается. Возьмите другую копию файла",
            Self::Altered => {
                "Содержимое архива не сходится с его последней строкой. Возьмите другую копию файла"
            }
        }
    }
}

/// Follows an archive line by line: what it is of, whether each line stands where it may, and at the
/// end whether all are there.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use eschool_core::archive::{ArchiveEnd, ArchiveFault, ArchiveHeader, ArchiveLine, ArchiveReading};
///
/// let school = "019379ab-0000-7000-8000-000000000001".parse().unwrap();
/// let header = ArchiveHeader::of(school, "Школа № 7".into(), 2024);
/// let mut reading = ArchiveReading::default();
/// reading.take(&ArchiveLine::Header(header)).unwrap();
/// assert_eq!(reading.finish("ab"), Err(ArchiveFault::CutOff));
///
/// let lines = BTreeMap::from([("header".to_owned(), 1)]);
/// reading.take(&ArchiveLine::End(ArchiveEnd { lines, sha256: "ab".into() })).unwrap();
/// assert_eq!(reading.finish("ab").unwrap().year, 2024);
/// assert_eq!(reading.finish("cd"), Err(ArchiveFault::Altered));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveReading {
    header: Option<ArchiveHeader>,
    place: u8,
    taken: u64,
    lines: BTreeMap<String, u64>,
    end: Option<ArchiveEnd>,
}

impl ArchiveReading {
    /// Takes the next line.
    ///
    /// # Errors
    /// [`ArchiveFault::NotAnArchive`] where the first is no header, [`ArchiveFault::Newer`] for one
    /// of a later version, [`ArchiveFault::Damaged`] for a line that stands where none of its kind
    /// may.
    pub fn take(&mut self, line: &ArchiveLine) -> Result<(), ArchiveFault> {
        self.taken = self.taken.saturating_add(1);
        match (line, &self.header) {
            (ArchiveLine::Header(header), None) => {
                if header.version > ARCHIVE_VERSION {
                    return Err(ArchiveFault::Newer(header.version));
                }
                self.header = Some(header.clone());
            }
            (_, None) => return Err(ArchiveFault::NotAnArchive),
            (ArchiveLine::Header(_), Some(_)) => return Err(self.damaged()),
            _ if self.end.is_some() => return Err(self.damaged()),
            (ArchiveLine::End(end), Some(_)) => {
                self.end = Some(end.clone());
                return Ok(());
            }
            _ => {
                let place = place(line);
                let is_next_class = matches!(line, ArchiveLine::Class(_)) && self.place <= JOURNAL;
                if place < self.place && !is_next_class || place == JOURNAL && self.place == 0 {
                    return Err(self.damaged());
                }
                self.place = place;
            }
        }
        let lines = self.lines.entry(line.kind().to_owned()).or_default();
        *lines = lines.saturating_add(1);
        Ok(())
    }

    /// That a line which could not be read stands here.
    #[must_use]
    pub fn unreadable(&self) -> ArchiveFault {
        if self.header.is_none() {
            ArchiveFault::NotAnArchive
        } else {
            ArchiveFault::Damaged(self.taken.saturating_add(1))
        }
    }

    /// What an archive is of that was read to its end, given the SHA-256 of its lines before the
    /// last, in hexadecimal digits.
    ///
    /// # Errors
    /// [`ArchiveFault::CutOff`] where the last line is missing, [`ArchiveFault::Altered`] where it
    /// says something else than was read.
    pub fn finish(&self, sha256: &str) -> Result<ArchiveHeader, ArchiveFault> {
        let header = self.header.clone().ok_or(ArchiveFault::NotAnArchive)?;
        let end = self.end.as_ref().ok_or(ArchiveFault::CutOff)?;
        if end.lines != self.lines || end.sha256 != sha256 {
            return Err(ArchiveFault::Altered);
        }
        Ok(header)
    }

    /// How many lines of each kind were taken, for the [end](ArchiveEnd) of an archive that is
    /// being written.
    #[must_use]
    pub const fn lines(&self) -> &BTreeMap<String, u64> {
        &self.lines
    }

    /// Whether the last line was taken.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.end.is_some()
    }

    const fn damaged(&self) -> ArchiveFault {
        ArchiveFault::Damaged(self.taken)
    }
}

const JOURNAL: u8 = 2;

/// Which lines may follow which: a class, what is about it, then the rest of the year.
const fn place(line: &ArchiveLine) -> u8 {
    match line {
        ArchiveLine::Header(_) => 0,
        ArchiveLine::Class(_) => 1,
        ArchiveLine::FinalMark(_) => 3,
        ArchiveLine::Excuse(_) => 4,
        ArchiveLine::Event(_) => 5,
        ArchiveLine::End(_) => 6,
        _ => JOURNAL,
    }
}
