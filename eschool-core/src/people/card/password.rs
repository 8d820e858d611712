//! Passwords of cards.

use alloc::string::String;

use super::CardError;

/// The letters and digits of a card's password: none that is mistaken for another (0 O o 1 l I),
/// all in lower case, for a child copies them from paper.
///
/// There are 32, so one byte of randomness gives one character without a bias.
pub const PASSWORD_ALPHABET: [char; 32] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'u',
    'v', 'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7', '8', '9',
];

/// The fewest characters a card's password has, as many as the card has boxes.
pub(super) const SHORTEST_PASSWORD: usize = 8;

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

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeSet, vec::Vec};

    use super::*;

    #[test]
    fn the_alphabet_has_no_look_alikes_and_no_letter_twice() {
        let letters: BTreeSet<char> = PASSWORD_ALPHABET.into_iter().collect();
        assert_eq!(letters.len(), 32);
        assert!("0Oo1lI".chars().all(|c| !letters.contains(&c)));
    }

    #[test]
    fn every_character_is_as_likely() {
        let every_byte: Vec<u8> = (0..=u8::MAX).collect();
        let password = password_from(&every_byte).unwrap();
        for letter in PASSWORD_ALPHABET {
            assert_eq!(password.matches(letter).count(), 8, "{letter}");
        }
    }
}
