//! The regimes of the two documents the system is described in.

use alloc::{vec, vec::Vec};

use super::{
    AccountsOfOnePerson, AgeBand, KeyRule, LockOut, LockOutDelays, MatchField, MatchKey,
    MethodRule, ParentsAfter18, RegistryKeeper, Role, Rules, SignInMethod, SignInPolicy,
    YoungByEsia,
};
use crate::{
    identity::AgeSpan,
    people::MandatoryField,
    signin::{Assurance, NextStep},
};

impl SignInPolicy {
    /// The names of the presets, for a command line to offer.
    pub const PRESETS: &'static [&'static str] = &["ryazan_2022", "udmurtia_2023"];

    /// The preset of this name, if there is one.
    ///
    /// ```
    /// use eschool_core::policy::SignInPolicy;
    ///
    /// for name in SignInPolicy::PRESETS {
    ///     assert_eq!(SignInPolicy::preset(name).unwrap().name(), *name);
    /// }
    /// assert!(SignInPolicy::preset("atlantis").is_none());
    /// ```
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        match name {
            "ryazan_2022" => Some(Self::ryazan_2022()),
            "udmurtia_2023" => Some(Self::udmurtia_2023()),
            _ => None,
        }
    }

    /// Рязань, 2022: class teachers enter parents, a parent has an account in each school.
    #[must_use]
    pub fn ryazan_2022() -> Self {
        Self::sound(
            "ryazan_2022",
            Rules {
                accounts: AccountsOfOnePerson::Separate,
                registry_keeper: RegistryKeeper::ClassTeacher,
                helpers: vec![
                    NextStep::AskClassTeacher,
                    NextStep::AskAdministrator,
                    NextStep::AskSupport,
                ],
                ..of_both_seeds()
            },
            Vec::new(),
        )
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
}

/// What the two documents have in common.
fn of_both_seeds() -> Rules {
    let by_esia = |role, band| MethodRule {
        role,
        band,
        method: SignInMethod::Esia,
        assurance: vec![Assurance::Confirmed],
    };
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
            by_esia(Role::Pupil, None),
            by_esia(Role::Parent, None),
            by_esia(Role::Staff, None),
        ],
        young_by_esia: YoungByEsia::Allow,
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
    }
}
