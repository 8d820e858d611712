//! What an error may show of the value that was refused.

use core::fmt::{self, Write as _};

/// A refused value that tells nothing of a person, as an error shows it: its first 38 bytes, which
/// are 38 Latin letters or 19 Russian ones, and what cannot be seen (control characters, marks of
/// Latin and Cyrillic, a change of the writing's direction) written out.
///
/// What tells something of a person is never shown so: an error says `***`, or [`MaskedNumber`].
///
/// ```
/// use eschool_core::error::Shown;
///
/// assert_eq!(Shown::of("31.02.2024").to_string(), "31.02.2024");
/// assert_eq!(Shown::of("1\u{0}\u{202e}2").to_string(), r"1\0\u{202e}2");
/// assert_eq!(Shown::of(&"9".repeat(1000)).to_string(), "9".repeat(38) + "…");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shown {
    text: [u8; Self::LONGEST],
    length: u8,
    is_cut: bool,
}

impl Shown {
    const LONGEST: usize = 38;

    /// The value as it was given, cut where it is long.
    #[must_use]
    pub fn of(given: &str) -> Self {
        let length = given.floor_char_boundary(Self::LONGEST);
        let mut text = [0; Self::LONGEST];
        for (place, byte) in text.iter_mut().zip(given.bytes().take(length)) {
            *place = byte;
        }
        let is_cut = length < given.len();
        Self { text, length: u8::try_from(length).unwrap_or_default(), is_cut }
    }

    fn as_str(&self) -> &str {
        let text = self.text.get(..usize::from(self.length)).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().chars().try_for_each(|c| write!(f, "{}", Seen(c)))?;
        f.write_str(if self.is_cut { "…" } else { "" })
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shown(`{self}`)")
    }
}

/// A character as an error shows it: what cannot be seen is written out.
///
/// Rust's own [`char::escape_debug`] does the same by a table of all that can be printed, which is a
/// tenth of what a page would download for the checks of its fields.
#[derive(Clone, Copy)]
pub(crate) struct Seen(pub(crate) char);

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            '\0' => f.write_str(r"\0"),
            c if is_unseen(c) => write!(f, "{}", c.escape_default()),
            c => f.write_char(c),
        }
    }
}

/// Whether a character shows nothing of itself, or only at another one: a control character, any
/// space but the usual one, a mark of Latin or Cyrillic, what changes the writing's direction or form,
/// and what is for private use or no character.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(c,
            // marks
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{2de0}'..='\u{2dff}'
            | '\u{a66f}'..='\u{a672}' | '\u{a674}'..='\u{a67d}' | '\u{a69e}' | '\u{a69f}'
            | '\u{fe20}'..='\u{fe2f}' | '\u{1e08f}'
            // what fills a place, joins or parts letters, turns the writing
            | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // for private use, tags, no characters
            | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..)
}

/// A refused number of a person, a СНИЛС or a phone, as an error shows it: how many digits it has,
/// and the last two, by which somebody who has the paper before them finds it.
///
/// ```
/// use eschool_core::error::MaskedNumber;
///
/// let number = MaskedNumber::of("112-233-44 95");
/// assert_eq!(format!("{number} ({} digits)", number.digits()), "***95 (10 digits)");
/// // Of a short one the last two would be too much of it.
/// assert_eq!(MaskedNumber::of("кв. 95").to_string(), "***");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MaskedNumber {
    digits: u8,
    last_two: u8,
}

impl MaskedNumber {
    /// With fewer digits nothing of a number is shown.
    const FEWEST: u8 = 7;

    /// The number that a text holds, whatever else stands in it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let none = Self { digits: 0, last_two: 0 };
        text.chars().filter_map(|c| c.to_digit(10)).fold(none, |number, digit| Self {
            digits: number.digits.saturating_add(1),
            last_two: number.last_two % 10 * 10 + u8::try_from(digit).unwrap_or_default(),
        })
    }

    /// How many digits there were, 255 for more than that.
    #[must_use]
    pub const fn digits(self) -> u8 {
        self.digits
    }
}

impl fmt::Display for MaskedNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.digits < Self::FEWEST {
            return f.write_str("***");
        }
        write!(f, "***{:02}", self.last_two)
    }
}

impl fmt::Debug for MaskedNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MaskedNumber({self}, {} digits)", self.digits)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn what_is_shown_is_one_short_visible_line() {
        for (text, shown) in [
            ("", ""),
            ("7Ъ", "7Ъ"),
            ("say \"no\" \\ 'yes'", "say \"no\" \\ 'yes'"),
            ("a\nb\tc\r", r"a\nb\tc\r"),
            ("\u{0}\u{1}", r"\0\u{1}"),
            ("\u{301}", r"\u{301}"),
            ("\u{a0}\u{202e}\u{feff}\u{ffff}x", r"\u{a0}\u{202e}\u{feff}\u{ffff}x"),
            ("١٢", "١٢"),
        ] {
            assert_eq!(Shown::of(text).to_string(), shown, "{text:?}");
        }
        assert_eq!(Shown::of(&"я".repeat(19)).to_string(), "я".repeat(19));
        assert_eq!(Shown::of(&"я".repeat(20)).to_string(), "я".repeat(19) + "…");
        // never half a letter
        assert_eq!(Shown::of(&("a".repeat(37) + "я")).to_string(), "a".repeat(37) + "…");
        assert_eq!(Shown::of(&("a".repeat(36) + "я")).to_string(), "a".repeat(36) + "я");
    }

    #[test]
    fn what_is_written_out_is_what_rust_writes_out() {
        let scripts = ['\0'..='\u{377}', '\u{400}'..='\u{52f}', '\u{2000}'..='\u{206f}'];
        let marks = ['\u{2de0}'..='\u{2dff}', '\u{a640}'..='\u{a69f}', '\u{fe00}'..='\u{fe0f}'];
        for c in scripts.into_iter().chain(marks).flatten() {
            let rusts = match c {
                '"' | '\'' | '\\' => c.to_string(),
                c => c.escape_debug().to_string(),
            };
            assert_eq!(Shown::of(&c.to_string()).to_string(), rusts);
        }
    }

    #[test]
    fn of_a_number_the_last_two_digits_are_shown() {
        for (text, shown, digits) in [
            ("112-233-445 96", "***96", 11),
            ("8 (912) 345-67-09", "***09", 11),
            ("1234567", "***67", 7),
            ("123456", "***", 6),
            ("Ёлкина", "***", 0),
            ("", "***", 0),
        ] {
            let number = MaskedNumber::of(text);
            assert_eq!((number.to_string().as_str(), number.digits()), (shown, digits), "{text}");
        }
        assert_eq!(MaskedNumber::of(&"7".repeat(1000)).digits(), u8::MAX);
    }
}
