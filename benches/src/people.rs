//! Two regions' people, some of them the same.

use std::collections::HashSet;

use chrono::{Datelike as _, Days, NaiveDate};
use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    identity::{BirthDate, FullName, Snils},
    merge::MergeRow,
    people::Account,
};

use crate::{names, random::Random};

/// The accounts of two regions whose installations become one, as each kept them: in the order of
/// their identifiers, which is that in which its schools entered them.
///
/// Everybody has a СНИЛС, a full name and a birth date, and one account in their region. One in ten
/// of each region is in the other as well. Of those most are typed alike, and of a hundred five have
/// another family name since, three a birth date with day and month exchanged, and one is not the
/// same at all: somebody's СНИЛС was typed for another, so name and date both differ. Names are
/// spelled alike where they are alike, which spares a database to fold them.
///
/// ```
/// use eschool_benches::people::Regions;
/// use eschool_core::merge::plan_merges;
///
/// let regions = Regions::of(1_000);
/// let plan = plan_merges(&regions.rows(), &[]);
/// assert_eq!(plan.moves.len(), regions.same);
/// assert_eq!(plan.conflicts.len(), regions.strangers);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regions {
    /// The accounts of the one.
    pub one: Vec<Account>,
    /// The accounts of the other.
    pub other: Vec<Account>,
    /// How many of the one are in the other too, and merge.
    pub same: usize,
    /// How many have a СНИЛС of the other that is not theirs.
    pub strangers: usize,
}

/// How many accounts one school enters before the next one does.
const SCHOOL: usize = 900;

/// The last СНИЛС given out without a control number.
pub(crate) const LAST_EXEMPT: u32 = 1_001_998;

impl Regions {
    /// Two regions with so many people each.
    #[must_use]
    pub fn of(each: usize) -> Self {
        let mut random = Random::seeded(0x0ec0_de5c_4001);
        let shared = each / 10;
        let numbers = snils(&mut random, 2 * each - shared);
        let (ours, theirs) = numbers.split_at(each);

        let mut one = Region::opened(&mut random);
        for number in ours {
            let (name, born) = (names::somebody(&mut random), birth_date(&mut random));
            one.enter(&mut random, *number, name, born);
        }
        let one = one.accounts;

        let mut both: Vec<usize> = (0..each).collect();
        random.shuffle(&mut both);
        let mut entries: Vec<Entry> = theirs.iter().map(|number| Entry::New(*number)).collect();
        entries.extend(both.iter().take(shared).map(|place| Entry::Known(*place)));
        random.shuffle(&mut entries);

        let (mut same, mut strangers) = (0, 0);
        let mut other = Region::opened(&mut random);
        for entry in entries {
            match entry {
                Entry::New(number) => {
                    let (name, born) = (names::somebody(&mut random), birth_date(&mut random));
                    other.enter(&mut random, number, name, born);
                }
                Entry::Known(place) => {
                    let known = &one[place];
                    let (number, born) = identity(known);
                    let (name, born) = match random.below(100) {
                        0..5 => (names::wedded(&mut random, &known.name), born),
                        5..8 => (known.name.clone(), mistyped(born)),
                        8 => stranger(&mut random, &known.name, born),
                        _ => (known.name.clone(), born),
                    };
                    let differs = !name.matches(&known.name) && Some(born) != known.birth_date;
                    if differs {
                        strangers += 1
                    } else {
                        same += 1
                    }
                    other.enter(&mut random, number, name, born);
                }
            }
        }
        Self { one, other: other.accounts, same, strangers }
    }

    /// What merging reads of them: the one's, then the other's.
    #[must_use]
    pub fn rows(&self) -> Vec<MergeRow<'_>> {
        self.one.iter().chain(&self.other).map(MergeRow::from).collect()
    }
}

/// Whom a region enters next.
enum Entry {
    /// Somebody with this СНИЛС.
    New(Snils),
    /// Who stands at this place in the other region.
    Known(usize),
}

/// A region while it enters its people.
struct Region {
    accounts: Vec<Account>,
    school: SchoolId,
    /// Milliseconds since 1970.
    now: u64,
}

impl Region {
    fn opened(random: &mut Random) -> Self {
        // 1 September 2023
        let now = 1_693_526_400_000;
        Self { accounts: Vec::new(), school: SchoolId(random.uuid(now)), now }
    }

    fn enter(&mut self, random: &mut Random, snils: Snils, name: FullName, born: BirthDate) {
        self.now += 1 + random.next() % 60_000;
        if self.accounts.len() % SCHOOL == SCHOOL - 1 {
            self.school = SchoolId(random.uuid(self.now));
        }
        self.accounts.push(Account {
            id: AccountId(random.uuid(self.now)),
            school: self.school,
            person: PersonId(random.uuid(self.now)),
            name,
            birth_date: Some(born),
            snils: Some(snils),
            phone: None,
            email: None,
        });
    }
}

/// So many numbers, no two alike, in no order.
fn snils(random: &mut Random, count: usize) -> Vec<Snils> {
    let mut seen = HashSet::with_capacity(count);
    let mut numbers = Vec::with_capacity(count);
    while numbers.len() < count {
        let number = LAST_EXEMPT + 1 + random.below(999_999_999 - LAST_EXEMPT as usize) as u32;
        if seen.insert(number) {
            numbers.push(with_control(number));
        }
    }
    numbers
}

/// The СНИЛС with these nine digits.
pub(crate) fn with_control(number: u32) -> Snils {
    let weighted = (1..=9).map(|weight| weight * (number / 10_u32.pow(weight - 1) % 10));
    let control = weighted.sum::<u32>() % 101 % 100;
    Snils::from_digits(u64::from(number) * 100 + u64::from(control)).expect("the control is right")
}

fn birth_date(random: &mut Random) -> BirthDate {
    // 1960 to 2017: grandparents who look after a child, parents, pupils
    let day = random.below(58 * 365) as u64;
    let born = NaiveDate::from_ymd_opt(1960, 1, 1).map(|first| first + Days::new(day));
    born.and_then(|born| BirthDate::new(born).ok()).expect("such a day is")
}

/// Day and month exchanged; where that is no other day, the first digit of the day mistaken.
fn mistyped(born: BirthDate) -> BirthDate {
    let date = born.date();
    let exchanged = NaiveDate::from_ymd_opt(date.year(), date.day(), date.month());
    let wrong = exchanged.filter(|wrong| *wrong != date).unwrap_or(date + Days::new(10));
    BirthDate::new(wrong).expect("such a day is")
}

/// Somebody with another name and another birth date.
fn stranger(random: &mut Random, name: &FullName, born: BirthDate) -> (FullName, BirthDate) {
    loop {
        let (another, then) = (names::somebody(random), birth_date(random));
        if !another.matches(name) && then != born {
            return (another, then);
        }
    }
}

fn identity(account: &Account) -> (Snils, BirthDate) {
    account.snils.zip(account.birth_date).expect("everybody here has both")
}

#[cfg(test)]
mod tests {
    use eschool_core::merge::plan_merges;

    use super::*;

    const LAST_OF_500: &str = "Суханов Егор Степанович 018a4ee6-a5fb-7410-b277-4d594fa1caa4";

    #[test]
    fn the_people_are_the_same_in_every_run() {
        let regions = Regions::of(500);
        assert_eq!(regions, Regions::of(500));
        // Whoever changes them by intent says so here: figures from before are about others.
        let last = &regions.other[499];
        assert_eq!(format!("{} {}", last.name, last.id), LAST_OF_500);
    }

    #[test]
    fn nobody_is_twice_in_a_region_nor_in_both_by_accident() {
        let regions = Regions::of(20_000);
        let of = |accounts: &[Account]| -> HashSet<Snils> {
            accounts.iter().filter_map(|account| account.snils).collect()
        };
        let (one, other) = (of(&regions.one), of(&regions.other));
        assert_eq!((one.len(), other.len()), (20_000, 20_000));
        assert_eq!(one.intersection(&other).count(), 2_000);
        assert_eq!(regions.same + regions.strangers, 2_000);
        let persons: HashSet<_> = regions.rows().iter().map(|row| row.person).collect();
        assert_eq!(persons.len(), 40_000);
    }

    #[test]
    fn rows_stand_in_the_order_of_their_identifiers() {
        let regions = Regions::of(5_000);
        for accounts in [&regions.one, &regions.other] {
            assert!(accounts.is_sorted_by_key(|account| account.id));
            assert!(accounts.is_sorted_by_key(|account| account.person));
        }
    }

    #[test]
    fn most_of_who_is_in_both_merge_and_some_are_strangers() {
        let regions = Regions::of(20_000);
        let plan = plan_merges(&regions.rows(), &[]);
        assert_eq!((plan.moves.len(), plan.conflicts.len()), (regions.same, regions.strangers));
        assert!(regions.strangers > 5 && regions.strangers < 60, "{}", regions.strangers);
    }

    #[test]
    fn a_mistyped_date_is_another_date() {
        for (born, typed) in [
            ("05.11.2010", "11.05.2010"),
            ("17.05.1985", "27.05.1985"),
            ("07.07.2007", "17.07.2007"),
        ] {
            assert_eq!(mistyped(born.parse().unwrap()), typed.parse().unwrap());
        }
    }
}
