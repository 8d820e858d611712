//! What stands in a file, whichever form it came in.

use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read as _, SeekFrom},
};

use super::{
    ExchangeError, FileForm, FileName, RowError, SchoolFile, SchoolSource,
    encoding::{Decoding, Encoding},
    xlsx,
};

/// Cells of a spreadsheet that say nothing which could be read: by line, then the place in the row.
pub(super) type Faults = BTreeMap<u32, Vec<(usize, RowError)>>;

/// A file that can be read as rows of text, once and again.
pub(super) struct Content<'f> {
    pub(super) file: FileName,
    /// How many bytes there are to read.
    pub(super) length: u64,
    text: Text<'f>,
    pub(super) faults: Faults,
}

enum Text<'f> {
    /// It stays where it is and is read as it is needed.
    InFile(&'f dyn SchoolSource, Encoding),
    /// What is read while others wait, or was made of a spreadsheet.
    Held(String),
}

impl<'f> Content<'f> {
    /// Finds out how a file is written.
    pub(super) fn of(files: &'f dyn SchoolSource, file: FileName) -> Result<Self, ExchangeError> {
        let mut opened = files.open(file.kind)?;
        let length = length_of(&mut *opened).map_err(|error| ExchangeError::of_io(file, &error))?;
        file.fits(length)?;
        let (text, faults) = match file.form {
            FileForm::Csv => {
                let encoding = Encoding::of(&mut *opened, file, length)?;
                (Text::InFile(files, encoding), Faults::new())
            }
            FileForm::Xlsx => {
                let read = xlsx::read(file, opened);
                // It is read here and there, never to its end: whether it still is what it was, another
                // opening tells. One that is saved meanwhile mostly looks broken.
                let again = length_of(&mut *files.open(file.kind)?);
                if again.map_err(|error| ExchangeError::of_io(file, &error))? != length {
                    return Err(ExchangeError::FileChanged { file });
                }
                let (text, faults) = read?;
                (Text::Held(text), faults)
            }
        };
        Ok(Self { file, length: text.length().unwrap_or(length), text, faults })
    }

    /// The same, its text held: it can then be read where a file must not be waited for.
    pub(super) fn held(self) -> Result<Self, ExchangeError> {
        if let Text::Held(_) = self.text {
            return Ok(self);
        }
        let mut text = String::new();
        let mut decoding = self.open()?;
        // What has grown since is not read to an end that may not come: a byte is three at most.
        let most = self.length.saturating_mul(3).saturating_add(1);
        let read = (&mut decoding).take(most).read_to_string(&mut text);
        let file = self.file;
        read.map_err(|error| match error.kind() {
            // It was UTF-8 when it was looked through.
            io::ErrorKind::InvalidData => ExchangeError::FileChanged { file },
            _ => ExchangeError::of_io(file, &error),
        })?;
        if decoding.read_so_far() != self.length || text.contains('\0') {
            return Err(ExchangeError::FileChanged { file });
        }
        drop(decoding);
        Ok(Self { length: text.len() as u64, text: Text::Held(text), ..self })
    }

    /// Begins to read the text.
    pub(super) fn open(&self) -> Result<Decoding<'_>, ExchangeError> {
        let (opened, encoding): (Box<dyn SchoolFile + '_>, _) = match &self.text {
            Text::InFile(files, encoding) => (files.open(self.file.kind)?, *encoding),
            Text::Held(text) => (Box::new(Cursor::new(text.as_bytes())), Encoding::Utf8),
        };
        Decoding::new(opened, encoding).map_err(|error| ExchangeError::of_io(self.file, &error))
    }

    /// The first fault of a line in a place that counts.
    pub(super) fn fault(
        &self,
        line: u32,
        counts: impl Fn(usize) -> bool,
    ) -> Option<(usize, RowError)> {
        let faults = self.faults.get(&line)?;
        faults.iter().find(|(place, _)| counts(*place)).copied()
    }
}

impl Text<'_> {
    fn length(&self) -> Option<u64> {
        match self {
            Self::InFile(..) => None,
            Self::Held(text) => Some(text.len() as u64),
        }
    }
}

fn length_of(file: &mut dyn SchoolFile) -> io::Result<u64> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    Ok(length)
}
