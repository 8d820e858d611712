//! Texts that stand many times, kept once.

use std::{collections::HashMap, sync::Arc};

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
