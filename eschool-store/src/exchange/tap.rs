//! A reader that can tell what stood in the stretch that was read last.

use std::io::{self, Read};

use super::encoding::Decoding;

/// A row of a table is no longer; longer text that is none is not held.
const LONGEST_ROW: usize = 4 << 20;

/// Passes a text on and keeps what whoever reads it has read ahead, so that a row can be looked at as it
/// stands in the file.
pub(super) struct Tap<'f> {
    text: Decoding<'f>,
    /// What is kept, and where in the text it begins.
    kept: Vec<u8>,
    begins: u64,
    /// Where the stretch ends that was told last.
    told: u64,
    /// Whether what is read ahead is longer than a row may be: then nothing more is read.
    pub(super) is_too_long: bool,
}

impl<'f> Tap<'f> {
    pub(super) const fn new(text: Decoding<'f>) -> Self {
        Self { text, kept: Vec::new(), begins: 0, told: 0, is_too_long: false }
    }

    /// The text from where the last stretch ended up to this place.
    pub(super) fn stretch(&mut self, end: u64) -> &[u8] {
        let place = |at: u64| usize::try_from(at - self.begins).unwrap_or(usize::MAX);
        let stretch = place(self.told)..place(end.max(self.told));
        self.told = self.told.max(end);
        self.kept.get(stretch).unwrap_or_default()
    }

    /// How many bytes of the file were read.
    pub(super) const fn read_so_far(&self) -> u64 {
        self.text.read_so_far()
    }
}

impl Read for Tap<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.text.read(into)?;
        let past = usize::try_from(self.told - self.begins).unwrap_or(usize::MAX);
        self.kept.drain(..past.min(self.kept.len()));
        self.begins = self.told;
        self.kept.extend_from_slice(into.get(..count).unwrap_or_default());
        self.is_too_long = self.kept.len() > LONGEST_ROW;
        if self.is_too_long { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(count) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::exchange::encoding::Encoding;

    /// A reader of rows of a text, over what is tested.
    fn rows(text: &str) -> csv::Reader<Tap<'_>> {
        let file = Box::new(Cursor::new(text.as_bytes()));
        let text = Decoding::new(file, Encoding::Utf8).unwrap();
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(Tap::new(text))
    }

    #[test]
    fn each_row_is_told_as_it_stands_and_little_is_kept() {
        let written: Vec<String> =
            (0..50_000).map(|row| format!("{row},\"Ёлкина,\nАнна\",4-\r\n")).collect();
        let text = written.concat();
        let mut reader = rows(&text);
        let (mut record, mut told, mut most) = (csv::StringRecord::new(), String::new(), 0);
        while reader.read_record(&mut record).unwrap() {
            let end = reader.position().byte();
            told.push_str(std::str::from_utf8(reader.get_mut().stretch(end)).unwrap());
            most = most.max(reader.get_ref().kept.len());
        }
        let end = reader.position().byte();
        told.push_str(std::str::from_utf8(reader.get_mut().stretch(end)).unwrap());
        assert_eq!(told, text);
        assert!(text.len() > 1 << 20 && most < 1 << 15, "{most} of {}", text.len());
        assert_eq!(reader.get_ref().read_so_far(), text.len() as u64);
    }

    #[test]
    fn a_row_longer_than_what_is_read_together_is_told_whole() {
        let long = "я".repeat(1 << 16);
        let text = format!("{long}\n{long}\n");
        let mut reader = rows(&text);
        let mut record = csv::StringRecord::new();
        for _ in 0..2 {
            assert!(reader.read_record(&mut record).unwrap());
            let end = reader.position().byte();
            assert_eq!(reader.get_mut().stretch(end), format!("{long}\n").as_bytes());
        }
    }
}
