//! From bytes to text, a piece at a time.

use std::io::{self, BufRead as _, BufReader, Read, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, UTF_8, WINDOWS_1251};

use super::{ExchangeError, FileName, SchoolFile};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How many bytes are looked at together.
const PIECE: usize = 16 << 10;

/// How the text of a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Windows1251,
}

impl Encoding {
    /// That of a file of so many bytes, which are read to their end: UTF-8 if they say so or are, else
    /// windows-1251.
    ///
    /// # Errors
    /// [`ExchangeError::EncodingUnknown`] for bytes that are no text: they hold a zero byte, as
    /// spreadsheets and UTF-16 do, or are not the UTF-8 they say; [`ExchangeError::FileChanged`] where
    /// there are more of them or fewer.
    pub(super) fn of(
        opened: &mut dyn SchoolFile,
        file: FileName,
        length: u64,
    ) -> Result<Self, ExchangeError> {
        let failed = |error: io::Error| ExchangeError::of_io(file, &error);
        let mark = skip_mark(opened).map_err(failed)?;
        let mut decoder = UTF_8.new_decoder_without_bom_handling();
        let mut text = vec![0; PIECE * 3];
        let mut is_utf8 = true;
        let mut seen = mark;
        let mut bytes = BufReader::with_capacity(PIECE, opened);
        loop {
            let piece = filled(&mut bytes).map_err(failed)?;
            let (count, is_last) = (piece.len(), piece.is_empty());
            seen += count as u64;
            if seen > length || is_last && seen < length {
                return Err(ExchangeError::FileChanged { file });
            }
            if piece.contains(&0) {
                return Err(ExchangeError::EncodingUnknown { file });
            }
            let mut rest = piece;
            while is_utf8 {
                let (result, read, _) =
                    decoder.decode_to_utf8_without_replacement(rest, &mut text, is_last);
                rest = rest.get(read..).unwrap_or_default();
                match result {
                    DecoderResult::InputEmpty => break,
                    DecoderResult::OutputFull => {}
                    DecoderResult::Malformed(..) => is_utf8 = false,
                }
            }
            if is_last {
                return match is_utf8 {
                    true => Ok(Self::Utf8),
                    false if mark == 0 => Ok(Self::Windows1251),
                    false => Err(ExchangeError::EncodingUnknown { file }),
                };
            }
            bytes.consume(count);
        }
    }
}

/// Bytes read as the text they are, in UTF-8 and without a byte order mark.
pub(super) struct Decoding<'f> {
    bytes: BufReader<Box<dyn SchoolFile + 'f>>,
    /// How many bytes were read, the mark among them.
    read: u64,
    /// None of bytes that are UTF-8 already.
    decoder: Option<Decoder>,
    /// What was decoded, and how much of it was handed on.
    text: Vec<u8>,
    given: usize,
}

impl<'f> Decoding<'f> {
    /// Begins with bytes of an encoding.
    pub(super) fn new(mut file: Box<dyn SchoolFile + 'f>, encoding: Encoding) -> io::Result<Self> {
        let read = skip_mark(&mut *file)?;
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Windows1251 => Some(WINDOWS_1251.new_decoder_without_bom_handling()),
        };
        let bytes = BufReader::with_capacity(PIECE, file);
        Ok(Self { bytes, read, decoder, text: Vec::new(), given: 0 })
    }

    /// How many bytes were read.
    pub(super) const fn read_so_far(&self) -> u64 {
        self.read
    }
}

impl Read for Decoding<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(decoder) = &mut self.decoder else {
            let read = filled(&mut self.bytes)?.read(into)?;
            self.bytes.consume(read);
            self.read += read as u64;
            return Ok(read);
        };
        if self.given == self.text.len() {
            let piece = filled(&mut self.bytes)?;
            let length = piece.len();
            // A byte is a character of two or three bytes at most.
            self.text.resize(length * 3, 0);
            let (_, _, written, _) = decoder.decode_to_utf8(piece, &mut self.text, false);
            self.text.truncate(written);
            self.given = 0;
            self.bytes.consume(length);
            self.read += length as u64;
        }
        let given = self.text.get(self.given..).unwrap_or_default().read(into)?;
        self.given += given;
        Ok(given)
    }
}

/// Steps over a byte order mark; how many bytes it has.
fn skip_mark(file: &mut dyn SchoolFile) -> io::Result<u64> {
    let mut head = Vec::new();
    file.take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut head)?;
    if head == BYTE_ORDER_MARK {
        return Ok(BYTE_ORDER_MARK.len() as u64);
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(0)
}

/// What is read next; nothing at the end.
fn filled(bytes: &mut BufReader<impl Read>) -> io::Result<&[u8]> {
    while let Err(error) = bytes.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    Ok(bytes.buffer())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::exchange::FileKind;

    fn encoding(bytes: &[u8], length: usize) -> Result<Encoding, ExchangeError> {
        Encoding::of(&mut Cursor::new(bytes), FileKind::Marks.into(), length as u64)
    }

    fn text(bytes: &[u8]) -> Option<String> {
        let encoding = encoding(bytes, bytes.len()).ok()?;
        let mut text = String::new();
        let mut decoding = Decoding::new(Box::new(Cursor::new(bytes)), encoding).unwrap();
        decoding.read_to_string(&mut text).unwrap();
        assert_eq!(decoding.read_so_far(), bytes.len() as u64);
        Some(text)
    }

    #[test]
    fn encodings_are_told_apart() {
        for (bytes, expected) in [
            (&b"\xef\xbb\xbf\xd0\x81"[..], Some("Ё")),
            (b"\xd0\x81", Some("Ё")),
            (b"\xa8\xeb\xea\xe0", Some("Ёлка")),
            (b"\xd0\x81\xd0", Some("Р\u{403}Р")),
            (b"", Some("")),
            (b"\xef\xbb\xbf", Some("")),
            (b"\xef\xbb\xbf\xa8", None),
            (b"\xef\xbb\xbf\xd0", None),
            (b"PK\x03\x04\x00\x00", None),
            (b"\xff\xfe\x10\x04;\x00", None),
        ] {
            assert_eq!(text(bytes).as_deref(), expected, "{bytes:?}");
        }
    }

    #[test]
    fn what_lies_beyond_the_first_piece_counts() {
        let long = "ё".repeat(PIECE);
        assert_eq!(text(long.as_bytes()), Some(long.clone()));
        // One byte before them, so that a character stands on both sides of every border.
        let shifted = format!("x{long}");
        assert_eq!(text(shifted.as_bytes()), Some(shifted));
        let mut bytes = long.into_bytes();
        bytes.push(0xa8);
        assert!(text(&bytes).unwrap().ends_with('Ё'));
        bytes.push(0);
        assert_eq!(text(&bytes), None);
    }

    #[test]
    fn a_file_of_another_length_is_another_file() {
        for text in ["", "Ёлка", &"ё".repeat(PIECE)] {
            for length in [text.len() + 1, text.len().wrapping_sub(1)] {
                let found = encoding(text.as_bytes(), length);
                let is_beyond = length == usize::MAX;
                let changed = ExchangeError::FileChanged { file: FileKind::Marks.into() };
                assert!(is_beyond || found == Err(changed), "{} {length}", text.len());
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_the_pieces_the_text_is_one(bytes in prop::collection::vec(1_u8.., 0..200)) {
            let whole = match std::str::from_utf8(&bytes) {
                Ok(text) => text.to_owned(),
                Err(_) => WINDOWS_1251.decode_without_bom_handling(&bytes).0.into_owned(),
            };
            prop_assume!(!bytes.starts_with(BYTE_ORDER_MARK));
            let encoding = encoding(&bytes, bytes.len()).unwrap();
            let mut decoding = Decoding::new(Box::new(Cursor::new(&bytes)), encoding).unwrap();
            let (mut read, mut two) = (Vec::new(), [0; 2]);
            loop {
                match decoding.read(&mut two).unwrap() {
                    0 => break,
                    count => read.extend_from_slice(&two[..count]),
                }
            }
            prop_assert_eq!(String::from_utf8(read).unwrap(), whole);
        }
    }
}
