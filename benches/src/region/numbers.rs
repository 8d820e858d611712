//! What tells people apart: no two of a region have the same, and no list of them is needed.

use eschool_core::identity::Snils;

use super::Region;
use crate::people::{LAST_EXEMPT, with_control};

/// Somebody's place in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u64);

/// So many people one school has at most, those of the families it shares with the next included.
const MOST: usize = 4096;
/// The first place of the shared families.
const SHARED: usize = 3968;

/// How many СНИЛС there are that have a control number.
const RANGE: u64 = 999_999_999 - LAST_EXEMPT as u64;
/// Steps that visit every number before they come to one again: they share no factor with how many
/// there are.
const STEP: u64 = 618_033_989;
const PHONES: u64 = 1_000_000_000;

impl Place {
    /// The next one of a school.
    pub(super) fn of(school: usize, person: usize) -> Self {
        assert!(person < SHARED, "a school has more people than numbers are kept for");
        Self((school * MOST + person) as u64)
    }

    /// One of a family that a school shares with the next.
    pub(super) fn shared(school: usize, family: usize, member: usize) -> Self {
        Self((school * MOST + SHARED + family * 4 + member) as u64)
    }

    /// The number in full, without anything between the digits.
    pub(super) fn snils(self, region: &Region) -> Snils {
        let number = (region.seed % RANGE + self.0 * STEP) % RANGE;
        with_control(LAST_EXEMPT + 1 + number as u32)
    }

    /// A mobile phone as people write them.
    pub(super) fn phone(self, region: &Region) -> String {
        let digits = format!("9{:09}", (region.seed % PHONES + self.0 * STEP) % PHONES);
        let [code, first, second, third] =
            [0..3, 3..6, 6..8, 8..10].map(|part| digits.get(part).unwrap_or_default());
        match self.0 % 4 {
            0 => format!("+7 ({code}) {first}-{second}-{third}"),
            1 => format!("8 {code} {first}-{second}-{third}"),
            2 => format!("8{digits}"),
            _ => format!("+7{digits}"),
        }
    }

    /// An e-mail address.
    pub(super) fn email(self, region: &Region) -> String {
        format!("p{}.{}@example.org", region.seed, self.0)
    }
}

/// A СНИЛС as it stands on the certificate, `112-233-445 95`.
pub(super) fn printed(snils: Snils) -> String {
    let digits = format!("{:011}", snils.digits());
    let [a, b, c, control] =
        [0..3, 3..6, 6..9, 9..11].map(|part| digits.get(part).unwrap_or_default());
    format!("{a}-{b}-{c} {control}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_shares_no_factor_with_the_numbers() {
        let common = |mut one: u64, mut other: u64| {
            while other != 0 {
                (one, other) = (other, one % other);
            }
            one
        };
        assert_eq!((common(STEP, RANGE), common(STEP, PHONES)), (1, 1));
    }

    #[test]
    fn places_of_neighbours_do_not_meet() {
        assert!(Place::shared(0, Region::SHARED - 1, 3) < Place::of(1, 0));
        assert!(Place::of(0, SHARED - 1) < Place::shared(0, 0, 0));
    }
}
