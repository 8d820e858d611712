//! СНИЛС and phones as people write them, and the plain loop a СНИЛС is measured against.

use eschool_core::identity::Snils;

use crate::{people::with_control, random::Random};

/// How many texts one turn of a bench reads: enough that no branch is learnt by heart.
pub const TEXTS: usize = 1_000;

/// СНИЛС as documents print them: `112-233-445 95`.
#[must_use]
pub fn snils() -> Vec<String> {
    numbers().iter().map(Snils::to_string).collect()
}

/// The same numbers in every spelling, one after another.
#[must_use]
pub fn snils_in_every_spelling() -> Vec<String> {
    let spelled = |(place, number): (usize, &Snils)| {
        let printed = number.to_string();
        match place % 6 {
            0 => printed,
            1 => printed.replace(' ', "-"),
            2 => printed.replace(['-', ' '], ""),
            3 => printed.replace('-', " "),
            4 => printed.replace('-', "\u{2013}").replace(' ', "\u{a0}"),
            _ => format!(" {printed}\u{a0}"),
        }
    };
    numbers().iter().enumerate().map(spelled).collect()
}

fn numbers() -> Vec<Snils> {
    let mut random = Random::seeded(0x51);
    (0..TEXTS).map(|_| with_control(2_000_000 + random.below(997_999_999) as u32)).collect()
}

/// Mobile phones in every spelling, one after another.
#[must_use]
pub fn phones() -> Vec<String> {
    let mut random = Random::seeded(0x70);
    let mut digits = |bound| random.below(bound);
    let spelled = |place| {
        let (area, a, b, c) = (900 + digits(100), digits(1000), digits(100), digits(100));
        match place % 8 {
            0 => format!("+7{area}{a:03}{b:02}{c:02}"),
            1 => format!("8{area}{a:03}{b:02}{c:02}"),
            2 => format!("{area}{a:03}{b:02}{c:02}"),
            3 => format!("+7 {area} {a:03}-{b:02}-{c:02}"),
            4 => format!("8 ({area}) {a:03}-{b:02}-{c:02}"),
            5 => format!("+7({area}){a:03}{b:02}{c:02}"),
            6 => format!("7 {area} {a:03} {b:02} {c:02}"),
            _ => format!("8-{area}-{a:03}-{b:02}-{c:02}"),
        }
    };
    (0..TEXTS).map(spelled).collect()
}

/// The least that can be called reading a СНИЛС: digits are taken from the one spelling that
/// documents print, whatever stands between is skipped, and the control number is compared. No
/// other dash or space, no trimming, no word on what is wrong.
///
/// ```
/// use eschool_benches::spellings::plain_loop;
///
/// assert_eq!(plain_loop("112-233-445 95"), Some(11_223_344_595));
/// assert_eq!(plain_loop("112-233-445 96"), None);
/// assert_eq!(plain_loop("112-233-445"), None);
/// ```
#[must_use]
pub fn plain_loop(text: &str) -> Option<u64> {
    let (mut count, mut value, mut sum) = (0_u64, 0_u64, 0_u64);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                let digit = u64::from(byte - b'0');
                if count < 9 {
                    sum += digit * (9 - count);
                }
                count += 1;
                value = value * 10 + digit;
            }
            b'-' | b' ' => {}
            _ => return None,
        }
    }
    (count == 11 && value / 100 > 1_001_998 && sum % 101 % 100 == value % 100).then_some(value)
}

/// What the core makes of a text, as the plain loop says it.
#[must_use]
pub fn parsed(text: &str) -> Option<u64> {
    Snils::parse(text).ok().map(Snils::digits)
}

#[cfg(test)]
mod tests {
    use eschool_core::identity::MobilePhone;

    use super::*;

    #[test]
    fn both_sides_read_every_number_alike() {
        for text in snils() {
            assert!(parsed(&text).is_some() && parsed(&text) == plain_loop(&text), "{text}");
        }
    }

    #[test]
    fn every_spelling_is_one_of_the_same_numbers() {
        for (text, printed) in snils_in_every_spelling().iter().zip(snils()) {
            assert_eq!(parsed(text), parsed(&printed), "{text}");
        }
    }

    #[test]
    fn every_phone_is_one() {
        for text in phones() {
            assert!(MobilePhone::parse(&text).is_ok(), "{text}");
        }
    }
}
