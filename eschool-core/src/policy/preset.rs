//! The regimes of the two documents the system is described in, and the one that followed.

use alloc::{
    string::{String, ToString as _},
    vec,
    vec::Vec,
};

use thiserror::Error;

use super::{
    AccountsOfOnePerson, AgeBand, ConsentRule, GiverRule, KeyRule, LockOut, LockOutDelays,
    MatchField, MatchKey, MethodRule, ParentsAfter18, RegistryKeeper, Role, Rules, SignInMethod,
    SignInPolicy, YoungByEsia,
};
use crate::{
    error::{CodedError, Shown},
    identity::AgeSpan,
    people::{COMING_OF_AGE, ConsentGiver, ConsentPurpose, MandatoryField},
    signin::{Assurance, NextStep},
};

/// A name that no preset has.
///
/// ```
/// use eschool_core::{error::CodedError, policy::SignInPolicy};
///
/// let error = SignInPolicy::preset("atlantis").unwrap_err();
/// assert_eq!((error.code(), error.value().as_deref()), ("preset_unknown", Some("atlantis")));
/// assert!(error.to_string().contains("udmurtia_2023"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("there is no preset `{name}`; there are `ryazan_2022`, `udmurtia_2023` and `ryazan_2024`")]
pub struct UnknownPreset {
    /// The name that was given.
    pub name: Shown,
}

impl CodedError for UnknownPreset {
    fn code(&self) -> &'static str {
        "preset_unknown"
    }

    fn text_ru(&self) -> &'static str {
        "Готового порядка авторизации с таким именем нет"
    }

    fn field(&self) -> Option<&'static str> {
        Some("name")
    }

    fn value(&self) -> Option<String> {
        Some(self.name.to_string())
    }
}

impl SignInPolicy {
    /// The names of the presets, for a command line to offer.
    pub const PRESETS: &'static [&'static str] = &["ryazan_2022", "udmurtia_2023", "ryazan_2024"];

    /// The preset of this name.
    ///
    /// ```
    /// use eschool_core::policy::SignInPolicy;
    ///
    /// for name in SignInPolicy::PRESETS {
    ///     assert_eq!(SignInPolicy::preset(name).unwrap().name(), *name);
    /// }
    /// ```
    ///
    /// # Errors
    /// [`UnknownPreset`] if none has the name.
    pub fn preset(name: &str) -> Result<Self, UnknownPreset> {
        match name {
            "ryazan_2022" => Ok(Self::ryazan_2022()),
            "udmurtia_2023" => Ok(Self::udmurtia_2023()),
            "ryazan_2024" => Ok(Self::ryazan_2024()),
            _ => Err(UnknownPreset { name: Shown::of(name) }),
        }
    }

    /// Рязань, 2022: class teachers enter parents, a parent has an account in each school.
    #[must_use]
    pub fn ryazan_2022() -> Self {
        Self::sound("ryazan_2022", of_ryazan(), Vec::new())
    }

    /// Удмуртия, 2023: the school's registrar keeps the registry, accounts of one person are
    /// merged.
    #[must_use]
    pub fn udmurtia_2023() -> Self {
        Self::sound(
            "udmurtia_2023",
            Rules {
                accounts: AccountsOfOnePerson::Merged,
                registry_keeper: RegistryKeeper::Registrar,
                helpers: vec![
                    NextStep::AskRegistrar,
                    NextStep::AskAdministrator,
                    NextStep::AskSupport,
                ],
                ..of_both_seeds()
            },
            Vec::new(),
        )
    }

    /// Рязань since 2024: pupils of any age sign in through ЕСИА, with a child account or a
    /// confirmed one, once a parent consented to the «Школьное портфолио»; passwords are off.
    ///
    /// That from 18 the pupil's own consent takes the place of the parents' is our reading, after
    /// the federal matrix.
    #[must_use]
    pub fn ryazan_2024() -> Self {
        let of_age = Some(COMING_OF_AGE);
        Self::sound(
            "ryazan_2024",
            Rules {
                methods: vec![
                    by_esia(Role::Pupil, vec![Assurance::Child, Assurance::Confirmed]),
                    by_esia(Role::Parent, vec![Assurance::Confirmed]),
                    by_esia(Role::Staff, vec![Assurance::Confirmed]),
                ],
                consent: vec![ConsentRule {
                    role: Role::Pupil,
                    band: None,
                    purpose: ConsentPurpose::SchoolPortfolio,
                    givers: vec![
                        GiverRule { giver: ConsentGiver::Parent, from: None, until: of_age },
                        GiverRule { giver: ConsentGiver::Pupil, from: of_age, until: None },
                    ],
                }],
                ..of_ryazan()
            },
            Vec::new(),
        )
    }
}

/// A way in through ЕСИА for a role of any age.
const fn by_esia(role: Role, assurance: Vec<Assurance>) -> MethodRule {
    MethodRule { role, band: None, method: SignInMethod::Esia, assurance }
}

/// What Рязань kept: the class teacher enters parents, every school has accounts of its own.
fn of_ryazan() -> Rules {
    Rules {
        accounts: AccountsOfOnePerson::Separate,
        registry_keeper: RegistryKeeper::ClassTeacher,
        helpers: vec![NextStep::AskClassTeacher, NextStep::AskAdministrator, NextStep::AskSupport],
        ..of_both_seeds()
    }
}

/// What the two documents have in common.
fn of_both_seeds() -> Rules {
    Rules {
        threshold: AgeSpan { years: 14, months: 6 },
        notice_days: 30,
        methods: vec![
            MethodRule {
                role: Role::Pupil,
                band: Some(AgeBand::Younger),
                method: SignInMethod::Password,
                assurance: Vec::new(),
            },
            by_esia(Role::Pupil, vec![Assurance::Confirmed]),
            by_esia(Role::Parent, vec![Assurance::Confirmed]),
            by_esia(Role::Staff, vec![Assurance::Confirmed]),
        ],
        young_by_esia: YoungByEsia::Allow,
        consent: Vec::new(),
        matching: vec![
            KeyRule { key: MatchKey::Snils, with: Vec::new() },
            // Numbers change hands, so a phone alone proves nothing.
            KeyRule {
                key: MatchKey::Phone,
                with: vec![MatchField::BirthDate, MatchField::GivenName],
            },
        ],
        accounts: AccountsOfOnePerson::Separate,
        parents_after_18: ParentsAfter18::Keep,
        registry_keeper: RegistryKeeper::ClassTeacher,
        helpers: Vec::new(),
        mandatory: vec![
            MandatoryField::Patronymic,
            MandatoryField::BirthDate,
            MandatoryField::Phone,
            MandatoryField::Snils,
        ],
        lock_out: LockOut {
            login: LockOutDelays {
                free: 5,
                first_seconds: 60,
                greatest_seconds: 60 * 60,
                forget_seconds: 24 * 60 * 60,
            },
            source: LockOutDelays {
                free: 60,
                first_seconds: 30,
                greatest_seconds: 15 * 60,
                forget_seconds: 60 * 60,
            },
        },
        erase_after_days: None,
        keep_journals_years: None,
    }
}
