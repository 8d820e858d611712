//! The lines of an archive: written with what proves them whole, and read.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Read, Write},
};

use eschool_core::{
    archive::{
        ARCHIVE_VERSION, ArchiveEnd, ArchiveFault, ArchiveHeader, ArchiveLine, ArchiveReading,
    },
    id::{AccountId, ClassId},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::YearArchiveError;
use crate::backend::BackendError;

/// The longest line that is read: homework with all its materials is far shorter.
const LONGEST_LINE: u64 = 16 << 20;

/// Who takes the lines of a year.
pub(super) trait TakesLines: Send {
    fn line(&mut self, line: &ArchiveLine) -> Result<(), YearArchiveError>;
}

/// Where the lines of an archive go.
pub(super) struct Writing<'w> {
    out: &'w mut (dyn Write + Send),
    hash: Sha256,
    reading: ArchiveReading,
}

impl TakesLines for Writing<'_> {
    fn line(&mut self, line: &ArchiveLine) -> Result<(), YearArchiveError> {
        let text = text_of(line)?;
        self.reading.take(line)?;
        self.hash.update(&text);
        Ok(self.out.write_all(&text)?)
    }
}

impl<'w> Writing<'w> {
    pub(super) fn new(out: &'w mut (dyn Write + Send)) -> Self {
        Self { out, hash: Sha256::new(), reading: ArchiveReading::default() }
    }

    /// Writes the last line, and gives the digest and the number of those before it.
    pub(super) fn end(self) -> Result<([u8; 32], u64), YearArchiveError> {
        let digest: [u8; 32] = self.hash.finalize().into();
        let end = ArchiveEnd { lines: self.reading.lines().clone(), sha256: hex(&digest) };
        let total = end.total();
        self.out.write_all(&text_of(&ArchiveLine::End(end))?)?;
        self.out.flush()?;
        Ok((digest, total))
    }
}

/// What a year is, of all that goes with it: not how its school, classes and pupils are called, nor
/// in which order classes stand by that.
#[derive(Default)]
pub(super) struct Contents {
    class: Option<ClassId>,
    parts: BTreeMap<Part, Sha256>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Class(ClassId),
    Excuses(AccountId),
    Rest,
}

impl TakesLines for Contents {
    fn line(&mut self, line: &ArchiveLine) -> Result<(), YearArchiveError> {
        let part = match line {
            ArchiveLine::Class(class) => {
                self.class = Some(class.id);
                return Ok(());
            }
            ArchiveLine::Excuse(row) => Part::Excuses(row.excuse.pupil),
            ArchiveLine::FinalMark(_) | ArchiveLine::Event(_) => Part::Rest,
            _ => self.class.map_or(Part::Rest, Part::Class),
        };
        if !line.is_for_the_reader() {
            self.parts.entry(part).or_default().update(text_of(line)?);
        }
        Ok(())
    }
}

impl Contents {
    /// Whether these are the same but for what went with the erasure of somebody.
    pub(super) fn says_as(self, other: Self, erased: &BTreeSet<AccountId>) -> bool {
        let left = |contents: Self| {
            let parts = contents.parts.into_iter();
            let left = parts.filter(
                |(part, _)| !matches!(part, Part::Excuses(pupil) if erased.contains(pupil)),
            );
            left.map(|(part, hash)| (part, hash.finalize())).collect::<Vec<_>>()
        };
        left(self) == left(other)
    }
}

fn text_of(line: &ArchiveLine) -> Result<Vec<u8>, YearArchiveError> {
    let text = serde_json::to_vec(line);
    let mut text = text.map_err(|_| BackendError::Corrupt("row to archive"))?;
    text.push(b'\n');
    Ok(text)
}

/// An archive that is read line by line.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    hash: Sha256,
    reading: ArchiveReading,
    text: Vec<u8>,
}

impl<R: Read> Lines<R> {
    pub(super) fn of(input: R) -> Self {
        let (hash, reading) = (Sha256::new(), ArchiveReading::default());
        Self { input: BufReader::new(input), hash, reading, text: Vec::new() }
    }

    /// The next line, the last one too; none after that.
    pub(super) fn next(&mut self) -> Result<Option<ArchiveLine>, YearArchiveError> {
        self.text.clear();
        let read = (&mut self.input).take(LONGEST_LINE).read_until(b'\n', &mut self.text)?;
        if read == 0 {
            return Ok(None);
        }
        let Ok(line) = serde_json::from_slice(&self.text) else { return Err(self.unreadable()) };
        if self.text.last() != Some(&b'\n') {
            return Err(ArchiveFault::CutOff.into());
        }
        self.reading.take(&line)?;
        if !matches!(line, ArchiveLine::End(_)) {
            self.hash.update(&self.text);
        }
        Ok(Some(line))
    }

    /// Of what the archive is that was read to its end, and its digest.
    pub(super) fn finish(self) -> Result<(ArchiveHeader, [u8; 32]), YearArchiveError> {
        let digest: [u8; 32] = self.hash.finalize().into();
        Ok((self.reading.finish(&hex(&digest))?, digest))
    }

    /// What is amiss with a line that could not be read: it may be of another version, be cut off, or
    /// be damaged.
    fn unreadable(&self) -> YearArchiveError {
        #[derive(Deserialize)]
        struct First {
            header: Header,
        }
        #[derive(Deserialize)]
        struct Header {
            version: u32,
        }
        let fault = self.reading.unreadable();
        let first = serde_json::from_slice::<First>(&self.text);
        match (&fault, first) {
            (ArchiveFault::NotAnArchive, Ok(First { header }))
                if header.version > ARCHIVE_VERSION =>
            {
                ArchiveFault::Newer(header.version).into()
            }
            (ArchiveFault::Damaged(_), _) if self.text.last() != Some(&b'\n') => {
                ArchiveFault::CutOff.into()
            }
            _ => fault.into(),
        }
    }
}

/// Reads an archive to its end, and gives of what it is and its digest; `seen` looks at each line.
pub(super) fn verify<R: Read>(
    input: R,
    mut seen: impl FnMut(&ArchiveLine) -> Result<(), YearArchiveError>,
) -> Result<(ArchiveHeader, [u8; 32]), YearArchiveError> {
    let mut lines = Lines::of(input);
    while let Some(line) = lines.next()? {
        seen(&line)?;
    }
    lines.finish()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
