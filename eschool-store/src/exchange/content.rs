//! What stands in a file, whichever form it came in.

use std::{
    collections::BTreeMap,
    io::{self, Cursor, SeekFrom},
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
    /// What a spreadsheet was made into.
    OfSheet(String),
}

impl<'f> Content<'f> {
    /// Finds out how a file is written.
    pub(super) fn of(files: &'f dyn SchoolSource, file: FileName) -> Result<Self, ExchangeError> {
        let failed = |error| unreadable(file, &error);
        let mut opened = files.open(file.kind)?;
        let length = length_of(&mut *opened).map_err(failed)?;
        file.fits(length)?;
        match file.form {
            FileForm::Csv => {
                let encoding = Encoding::of(&mut *opened).map_err(failed)?;
                let encoding = encoding.ok_or(ExchangeError::EncodingUnknown { file })?;
                Ok(Self {
                    file,
                    length,
                    text: Text::InFile(files, encoding),
                    faults: Faults::new(),
                })
            }
            FileForm::Xlsx => {
                let (text, faults) = xlsx::read(file, opened)?;
                Ok(Self { file, length: text.len() as u64, text: Text::OfSheet(text), faults })
            }
        }
    }

    /// Begins to read the text.
    pub(super) fn open(&self) -> Result<Decoding<'_>, ExchangeError> {
        let (opened, encoding): (Box<dyn SchoolFile + '_>, _) = match &self.text {
            Text::InFile(files, encoding) => (files.open(self.file.kind)?, *encoding),
            Text::OfSheet(text) => (Box::new(Cursor::new(text.as_bytes())), Encoding::Utf8),
        };
        Decoding::new(opened, encoding).map_err(|error| unreadable(self.file, &error))
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

pub(super) fn unreadable(file: FileName, error: &io::Error) -> ExchangeError {
    ExchangeError::FileUnreadable { file, reason: error.kind() }
}

fn length_of(file: &mut dyn SchoolFile) -> io::Result<u64> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    Ok(length)
}
