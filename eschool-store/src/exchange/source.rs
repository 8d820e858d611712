//! The text of a file, whichever form it came in.

use std::{borrow::Cow, collections::BTreeMap};

use super::{ExchangeError, FileForm, FileName, RowError, text, xlsx};

/// Cells of a spreadsheet that say nothing which could be read: by line, then the place in the row.
pub(super) type Faults = BTreeMap<u32, Vec<(usize, RowError)>>;

/// A file as rows of text.
pub(super) struct Source<'f> {
    pub(super) file: FileName,
    pub(super) text: Cow<'f, str>,
    pub(super) faults: Faults,
}

impl<'f> Source<'f> {
    /// Decodes a file.
    pub(super) fn read(file: FileName, bytes: &'f [u8]) -> Result<Self, ExchangeError> {
        file.fits(bytes.len() as u64)?;
        match file.form {
            FileForm::Csv => {
                let text = text::decode(bytes).ok_or(ExchangeError::EncodingUnknown { file })?;
                Ok(Self { file, text, faults: Faults::new() })
            }
            FileForm::Xlsx => xlsx::read(file, bytes),
        }
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
