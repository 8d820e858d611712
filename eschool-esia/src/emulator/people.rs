//! The people of the emulator.

use std::fmt;

use eschool_core::identity::{BirthDate, Email, FullName, MobilePhone, Patronymic, Snils};
use serde::Deserialize;

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
    /// The sex, where the book says it; else it is taken from the patronymic.
    pub gender: Option<TestGender>,
    /// The numbers of the person's children in ЕСИА, as far as they are in the book.
    pub children: Vec<u64>,
    /// Further contacts, which ЕСИА does not verify.
    pub contacts: Vec<TestContact>,
    /// Of a child's account: whether a parent has consented to signing in. Without, ЕСИА answers
    /// ESIA-036700.
    pub parent_consent: bool,
    /// Whether the person signs in with two factors, which a system may require (ESIA-007046).
    pub second_factor: bool,
}

impl TestPerson {
    /// The number of the first person of a book.
    pub(super) const FIRST_OID: u64 = 1_000_000_001;
    /// The highest number that a book may give: far beyond those of ЕСИА.
    pub(super) const HIGHEST_OID: u64 = 1_000_000_000_000;

    /// `M` or `F`, as far as the book or else the patronymic tells it.
    pub(super) fn gender(&self) -> Option<&'static str> {
        if let Some(gender) = self.gender {
            return Some(gender.letter());
        }
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

/// The sex, as ЕСИА tells it.
///
/// ```
/// use eschool_esia::emulator::TestGender;
///
/// assert_eq!(TestGender::Female.letter(), "F");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum TestGender {
    /// `M`.
    #[serde(rename = "M")]
    Male,
    /// `F`.
    #[serde(rename = "F")]
    Female,
}

impl TestGender {
    /// The letter that ЕСИА sends.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
        }
    }
}

/// A contact that ЕСИА keeps and does not verify.
///
/// ```
/// use eschool_esia::emulator::TestContact;
///
/// let home = TestContact { kind: "PHN".into(), value: "+7(495)1234567".into() };
/// assert_eq!(format!("{home:?}"), "TestContact { kind: \"PHN\", .. }");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TestContact {
    /// ЕСИА's type of contact: `PHN` (a phone that is no mobile one), `CEM` (e-mail at work) ….
    pub kind: String,
    /// The number or address, as ЕСИА would send it.
    pub value: String,
}

impl fmt::Debug for TestContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestContact").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The type of an account (*тип учётной записи*), as people know them. The wire tells fewer apart:
/// a standard and a simplified one look the same there.
///
/// ```
/// use eschool_esia::emulator::TestAccount;
///
/// assert_eq!(TestAccount::parse("Подтвержденная"), Some(TestAccount::Confirmed));
/// assert_eq!(TestAccount::parse("child"), Some(TestAccount::Child));
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

    /// Reads the word of [`text_ru`](Self::text_ru), in any case, with ё or е, or that of
    /// [`word`](Self::word).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let folded = |text: &str| text.trim().to_lowercase().replace('ё', "е");
        let is = |account: &Self| {
            folded(account.text_ru()) == folded(text) || account.word() == folded(text)
        };
        Self::ALL.into_iter().find(is)
    }

    /// The word a book in TOML may say: `confirmed`, `standard`, `simplified`, `child`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Standard => "standard",
            Self::Simplified => "simplified",
            Self::Child => "child",
        }
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
