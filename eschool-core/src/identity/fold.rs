//! How names are compared: what does not make a name another name is folded away.

use alloc::string::String;
use core::{
    iter::{Map, Peekable},
    str::Chars,
};

use crate::letters::lower;

/// Folds what does not make a name another name: case, ё and е, repeated spaces, spaces around
/// hyphens, and Latin letters that look like Cyrillic ones.
///
/// ```
/// use eschool_core::identity::fold_name;
///
/// assert_eq!(fold_name(" Kyвaлдинa - Ёлкина "), fold_name("Кувалдина-Елкина"));
/// ```
#[must_use]
pub fn fold_name(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    folded.extend(Folded::of(text));
    folded
}

/// Whether two texts fold to the same. Mostly they are typed alike, and nothing needs folding.
pub(super) fn folds_alike(one: &str, other: &str) -> bool {
    one == other || Folded::of(one).eq(Folded::of(other))
}

/// Whether a text in Cyrillic holds Latin letters that look Cyrillic.
///
/// ```
/// use eschool_core::identity::has_latin_look_alikes;
///
/// assert!(has_latin_look_alikes("Kyвaлдинa"));
/// assert!(!has_latin_look_alikes("Кувалдина"));
/// assert!(!has_latin_look_alikes("Smith"));
/// ```
#[must_use]
pub fn has_latin_look_alikes(text: &str) -> bool {
    let small = || text.chars().map(lower);
    small().any(|c| cyrillic_look_alike(c).is_some())
        && small().any(|c| matches!(c, '\u{400}'..='\u{4ff}'))
}

/// The Cyrillic letter a lower-case Latin one looks like, itself or as a capital.
pub(crate) const fn cyrillic_look_alike(c: char) -> Option<char> {
    Some(match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        _ => return None,
    })
}

/// й typed as a letter and a mark above it.
const BREVE: char = '\u{306}';
/// ё typed as a letter and a mark above it.
const DIAERESIS: char = '\u{308}';

/// The characters of a text in lower case.
type Lower<'a> = Map<Chars<'a>, fn(char) -> char>;

/// The characters of a text, folded one by one.
struct Folded<'a> {
    typed: Peekable<Lower<'a>>,
    last: Option<char>,
    /// What comes after the space that was just given.
    held: Option<char>,
}

impl<'a> Folded<'a> {
    fn of(text: &'a str) -> Self {
        let lower: fn(char) -> char = lower;
        Self { typed: text.chars().map(lower).peekable(), last: None, held: None }
    }

    /// The next character that is no space, and whether spaces came before it.
    fn next_sign(&mut self) -> Option<(char, bool)> {
        let mut spaced = false;
        loop {
            match self.typed.next()? {
                DIAERESIS => {}
                c if c.is_whitespace() => spaced = true,
                '\u{2010}'..='\u{2015}' | '\u{2212}' => return Some(('-', spaced)),
                'ё' => return Some(('е', spaced)),
                'и' => {
                    while self.typed.next_if_eq(&DIAERESIS).is_some() {}
                    let is_short = self.typed.next_if_eq(&BREVE).is_some();
                    return Some((if is_short { 'й' } else { 'и' }, spaced));
                }
                c => return Some((cyrillic_look_alike(c).unwrap_or(c), spaced)),
            }
        }
    }
}

impl Iterator for Folded<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if let Some(held) = self.held.take() {
            self.last = Some(held);
            return Some(held);
        }
        let (sign, spaced) = self.next_sign()?;
        let parts_words = spaced && sign != '-' && self.last.is_some_and(|last| last != '-');
        if parts_words {
            self.held = Some(sign);
            return Some(' ');
        }
        self.last = Some(sign);
        Some(sign)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_does_not_make_another_name_is_folded() {
        for (left, right, same) in [
            ("Фёдоров", "ФЕДОРОВ", true),
            ("Kyвaлдинa", "Кувалдина", true),
            ("Apкaдьeв Bитaлий", "Аркадьев  Виталий ", true),
            ("Римский - Корсаков", "Римский-Корсаков", true),
            ("Римский – Корсаков", "римский-корсаков", true),
            ("Римский− Корсаков", "римский -корсаков", true),
            ("Сергеи\u{306}", "Сергей", true),
            ("СЕРГЕИ\u{308}\u{306}", "Сергей", true),
            ("Сергеи", "Сергей", false),
            ("Семе\u{308}н", "Семён", true),
            ("Анна Мария", "Аннамария", false),
            ("Наталья", "Наталия", false),
            ("Панова", "Панов", false),
            ("Панов", "", false),
        ] {
            assert_eq!(fold_name(left) == fold_name(right), same, "{left} | {right}");
            assert_eq!(folds_alike(left, right), same, "{left} | {right}");
        }
        assert_eq!(fold_name(" \u{a0}Гасан  - Оглы Ё\t"), "гасан-оглы е");
    }

    proptest! {
        #[test]
        fn folding_is_stable(text in any::<String>()) {
            let folded = fold_name(&text);
            prop_assert_eq!(fold_name(&folded), folded);
        }

        #[test]
        fn texts_are_alike_if_they_fold_to_the_same(
            one in "[АаA и\u{306}\u{308}-]{0,6}",
            other in "[АаA и\u{306}\u{308}-]{0,6}",
        ) {
            prop_assert_eq!(folds_alike(&one, &other), fold_name(&one) == fold_name(&other));
        }
    }
}
