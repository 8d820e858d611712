//! From bytes to text, and texts that stand many times kept once.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use encoding_rs::WINDOWS_1251;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a file: UTF-8 if it says so or is, else windows-1251. None for bytes that are no
/// text: they hold a zero byte, as spreadsheets and UTF-16 do, or are not the UTF-8 they say.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = match bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => Cow::Borrowed(std::str::from_utf8(rest).ok()?),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => WINDOWS_1251.decode_without_bom_handling(bytes).0,
        },
    };
    (!text.contains('\0')).then_some(text)
}

/// A text of [`Texts`]; equal texts have equal numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Text(u32);

impl Text {
    /// The number, from 0 without gaps.
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Texts kept once each: a school's journal says the same few thousand words in a hundred
/// thousand rows.
#[derive(Default)]
pub(crate) struct Texts {
    numbers: HashMap<Arc<str>, Text>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    pub(crate) fn keep(&mut self, text: &str) -> Text {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        // Thirteen files have at most 2²⁸ bytes each, and every text but one has a byte of its own.
        let number = Text(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    pub(crate) fn get(&self, text: Text) -> &str {
        self.texts.get(text.index()).map_or("", |text| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        for (bytes, expected) in [
            (&b"\xef\xbb\xbf\xd0\x81"[..], Some("Ё")),
            (b"\xd0\x81", Some("Ё")),
            (b"\xa8\xeb\xea\xe0", Some("Ёлка")),
            (b"", Some("")),
            (b"\xef\xbb\xbf\xa8", None),
            (b"PK\x03\x04\x00\x00", None),
            (b"\xff\xfe\x10\x04;\x00", None),
        ] {
            assert_eq!(decode(bytes).as_deref(), expected, "{bytes:?}");
        }
    }

    #[test]
    fn equal_texts_are_kept_once() {
        let mut texts = Texts::default();
        let (first, second) = (texts.keep("Алгебра"), texts.keep("Химия"));
        assert_eq!(texts.keep("Алгебра"), first);
        assert_eq!(
            (texts.get(first), texts.get(second), texts.texts.len()),
            ("Алгебра", "Химия", 2)
        );
    }
}
