//! Registration cards: a pupil's login and password on paper.

use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    error::CodedError,
    identity::{FullName, Login},
    wire::wire_enum,
};

/// The letters and digits of a card's password: none that is mistaken for another (0 O o 1 l I),
/// all in lower case, for a child copies them from paper.
///
/// There are 32, so one byte of randomness gives one character without a bias.
pub const PASSWORD_ALPHABET: [char; 32] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'u',
    'v', 'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7', '8', '9',
];

/// The fewest characters a card's password has, as many as the card has boxes.
const SHORTEST_PASSWORD: usize = 8;

/// A registration card (*карточка регистрации доступа*): the only place where the password stands
/// in clear.
///
/// ```
/// use eschool_core::people::RegistrationCard;
///
/// let card: RegistrationCard = serde_json::from_str(
///     r#"{"school": "МБОУ «Школа № 7»", "founder": "Управление образования",
///         "municipality": "городской округ", "class": "3Б",
///         "name": {"family": "Проверка", "given": "Анна", "patronymic": "none"},
///         "login": "pr7_proverka", "password": "25ens2dh", "registered": "2022-08-30"}"#,
/// )?;
/// assert!(!format!("{card:?}").contains("25ens2dh"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationCard {
    /// The school's name.
    pub school: String,
    /// Its founder.
    pub founder: String,
    /// Its municipality.
    pub municipality: String,
    /// The pupil's class.
    pub class: String,
    /// The pupil's name.
    pub name: FullName,
    /// The login.
    pub login: Login,
    /// The password, one character per box of the card.
    pub password: String,
    /// The day the card was made (*дата регистрации*).
    pub registered: NaiveDate,
}

impl core::fmt::Debug for RegistrationCard {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RegistrationCard(***)")
    }
}

wire_enum! {
    /// A line of the card journal (*журнал выдачи карточек регистрации*).
    ///
    /// ```
    /// use eschool_core::people::CardStep;
    ///
    /// assert_eq!(CardStep::HandedOut.as_str(), "handed_out");
    /// ```
    pub enum CardStep {
        /// Login and password were made.
        Issued = "issued",
        /// The card was printed.
        Printed = "printed",
        /// The card was given to the pupil or the parents.
        HandedOut = "handed_out",
    }
}

/// Why a card cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CardError {
    /// Fewer random bytes than a password has characters.
    #[error("a card's password needs at least 8 random bytes")]
    TooLittleRandomness,
}

impl CodedError for CardError {
    fn code(&self) -> &'static str {
        "card_randomness"
    }

    fn text_ru(&self) -> &'static str {
        "Для пароля нужно не меньше восьми случайных байтов"
    }
}

/// A password made from the caller's randomness, one character per byte.
///
/// ```
/// use eschool_core::people::password_from;
///
/// assert_eq!(password_from(&[24, 27, 4, 12, 16, 31, 3, 7])?, "25ens9dh");
/// assert!(password_from(&[0; 7]).is_err());
/// # Ok::<(), eschool_core::people::CardError>(())
/// ```
///
/// # Errors
/// [`CardError::TooLittleRandomness`] for fewer than eight bytes.
pub fn password_from(random: &[u8]) -> Result<String, CardError> {
    if random.len() < SHORTEST_PASSWORD {
        return Err(CardError::TooLittleRandomness);
    }
    Ok(random
        .iter()
        .filter_map(|byte| PASSWORD_ALPHABET.get(usize::from(byte % 32)).copied())
        .collect())
}

/// The logins a pupil may get, best first: the school's prefix, `_`, the family name
/// transliterated, then with the first letters of the given name, then with a number, ten thousand
/// of them. A prefix that no login can have gives none.
///
/// ```
/// use eschool_core::{identity::FullName, people::login_candidates};
///
/// let name = FullName::new("Щукина", "Юлия", Some("Андреевна"))?;
/// let logins: Vec<_> = login_candidates("pr7", &name).take(3).map(|l| l.to_string()).collect();
/// assert_eq!(logins, ["pr7_shhukina", "pr7_shhukina_yu", "pr7_shhukina_yu2"]);
/// # Ok::<(), eschool_core::identity::NameError>(())
/// ```
pub fn login_candidates(prefix: &str, name: &FullName) -> impl Iterator<Item = Login> + use<> {
    /// What a login may hold beside prefix, initials and number.
    const LONGEST_NAME: usize = 40;
    /// Far more namesakes than an installation has; an end, should none of them be a login.
    const LAST_NUMBER: u32 = 10_001;

    let family: String = transliterate(name.family()).chars().take(LONGEST_NAME).collect();
    let family = if family.is_empty() { "pupil".to_string() } else { family };
    let initial: String = transliterate(&name.given().chars().take(1).collect::<String>());
    let plain = format!("{prefix}_{family}");
    let with_initial =
        if initial.is_empty() { plain.clone() } else { format!("{plain}_{initial}") };
    let numbered = (2..=LAST_NUMBER).map({
        let with_initial = with_initial.clone();
        move |n| format!("{with_initial}{n}")
    });
    [plain, with_initial].into_iter().chain(numbered).filter_map(|text| text.parse().ok())
}

/// Transliterates by ГОСТ 7.79-2000, system B, and keeps of the result what a login may hold:
/// lower-case Latin letters and digits. The soft and hard signs' accents are left out.
///
/// ```
/// use eschool_core::people::transliterate;
///
/// assert_eq!(transliterate("Щербаков-Юрьев"), "shherbakovyurev");
/// assert_eq!(transliterate("Цыганова"), "cyganova");
/// assert_eq!(transliterate("Цветаева"), "czvetaeva");
/// ```
#[must_use]
pub fn transliterate(text: &str) -> String {
    let letters: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let mut latin = String::with_capacity(letters.len() * 2);
    for (i, c) in letters.iter().copied().enumerate() {
        let next = letters.get(i + 1).copied();
        latin.push_str(match c {
            'а' => "a",
            'б' => "b",
            'в' => "v",
            'г' => "g",
            'д' => "d",
            'е' | 'э' => "e",
            'ё' => "yo",
            'ж' => "zh",
            'з' => "z",
            'и' => "i",
            'й' => "j",
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'о' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'у' => "u",
            'ф' => "f",
            'х' => "x",
            // c before i, e, y, j; cz elsewhere
            'ц' if matches!(next, Some('и' | 'е' | 'ё' | 'й' | 'ы' | 'э' | 'ю' | 'я')) => {
                "c"
            }
            'ц' => "cz",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "shh",
            'ы' => "y",
            'ю' => "yu",
            'я' => "ya",
            c if c.is_ascii_alphanumeric() => {
                latin.push(c);
                continue;
            }
            _ => "",
        });
    }
    latin
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_alphabet_has_no_look_alikes_and_no_letter_twice() {
        let letters: BTreeSet<char> = PASSWORD_ALPHABET.into_iter().collect();
        assert_eq!(letters.len(), 32);
        assert!("0Oo1lI".chars().all(|c| !letters.contains(&c)));
    }

    #[test]
    fn the_candidates_end() {
        let name = FullName::new("Ли", "Ян", None).unwrap();
        assert_eq!(login_candidates("школа 7", &name).count(), 0);
        assert_eq!(login_candidates(&"x".repeat(80), &name).count(), 0);
        assert_eq!(login_candidates("pr7", &name).count(), 10_002);
        let last = login_candidates("pr7", &name).last().unwrap();
        assert_eq!(last.as_str(), "pr7_li_ya10001");
    }

    proptest! {
        #[test]
        fn every_name_gets_logins_that_differ(family in "\\PC{1,30}", given in "\\PC{1,30}") {
            if let Ok(name) = FullName::new(&family, &given, None) {
                let logins: Vec<_> = login_candidates("pr7", &name).take(20).collect();
                prop_assert_eq!(logins.len(), 20);
                let distinct: BTreeSet<_> = logins.iter().collect();
                prop_assert!(distinct.len() >= 19);
            }
        }
    }
}
