//! The people of the emulator.

use std::fmt;

use eschool_core::identity::{BirthDate, Email, FullName, MobilePhone, Patronymic, Snils};

/// Somebody who can sign in at the emulator. All of them are invented.
///
/// ```
/// use eschool_esia::emulator::{SAMPLE_PEOPLE, TestAccount, read_people};
///
/// let people = read_people(SAMPLE_PEOPLE)?;
/// assert_eq!((people[0].oid, people[0].account), (1_000_000_001, TestAccount::Confirmed));
/// assert!(!format!("{:?}", people[0]).contains(people[0].name.family()));
/// # Ok::<(), eschool_esia::emulator::PeopleError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TestPerson {
    /// What tells people of the book apart, in the tester's own words: `parent of several`.
    pub key: String,
    /// The name.
    pub name: FullName,
    /// The birth date.
    pub birth_date: BirthDate,
    /// The СНИЛС, if the account has one.
    pub snils: Option<Snils>,
    /// The mobile phone, if the account has one.
    pub phone: Option<MobilePhone>,
    /// Whether ЕСИА has verified the phone.
    pub phone_verified: bool,
    /// The e-mail, if the account has one.
    pub email: Option<Email>,
    /// Whether ЕСИА has verified the e-mail.
    pub email_verified: bool,
    /// The type of the account.
    pub account: TestAccount,
    /// The person's number in ЕСИА.
    pub oid: u64,
}

impl TestPerson {
    /// The number of the first person of a book.
    pub(super) const FIRST_OID: u64 = 1_000_000_001;

    /// `M` or `F`, as far as the patronymic tells it: books do not say.
    pub(super) fn gender(&self) -> Option<&'static str> {
        let Patronymic::Given(patronymic) = self.name.patronymic() else { return None };
        let patronymic = patronymic.to_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| patronymic.ends_with(ending));
        if ends(&["вна", "чна", "кызы"]) {
            Some("F")
        } else if ends(&["ич", "оглы"]) {
            Some("M")
        } else {
            None
        }
    }
}

impl fmt::Debug for TestPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestPerson").field("account", &self.account).finish_non_exhaustive()
    }
}

/// The type of an account (*тип учётной записи*), as people know them. The wire tells fewer apart:
/// a standard and a simplified one look the same there.
///
/// ```
/// use eschool_esia::emulator::TestAccount;
///
/// assert_eq!(TestAccount::parse("Подтвержденная"), Some(TestAccount::Confirmed));
/// assert_eq!(TestAccount::Child.text_ru(), "детская");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestAccount {
    /// Подтверждённая: the state has seen the person's passport.
    Confirmed,
    /// Стандартная: the data were checked, the person was not.
    Standard,
    /// Упрощённая: a name and a phone or an e-mail.
    Simplified,
    /// Детская: a parent made it.
    Child,
}

impl TestAccount {
    const ALL: [Self; 4] = [Self::Confirmed, Self::Standard, Self::Simplified, Self::Child];

    /// Reads the word of [`text_ru`](Self::text_ru), in any case, with ё or е.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let folded = |text: &str| text.trim().to_lowercase().replace('ё', "е");
        Self::ALL.into_iter().find(|account| folded(account.text_ru()) == folded(text))
    }

    /// The word a person reads.
    #[must_use]
    pub const fn text_ru(self) -> &'static str {
        match self {
            Self::Confirmed => "подтверждённая",
            Self::Standard => "стандартная",
            Self::Simplified => "упрощённая",
            Self::Child => "детская",
        }
    }

    /// What tokens say in `urn:esia:sbj:lvl`.
    pub(super) const fn level(self) -> &'static str {
        match self {
            Self::Confirmed => "PR",
            Self::Child => "KD",
            Self::Standard | Self::Simplified => "P",
        }
    }
}
