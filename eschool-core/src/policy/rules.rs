//! What one regime says.

use alloc::vec::Vec;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{ConsentRule, LockOut};
use crate::{
    identity::{AgeSpan, BirthDate},
    people::MandatoryField,
    signin::{Assurance, NextStep},
    wire::wire_enum,
};

/// The rules of one regime.
///
/// ```
/// use eschool_core::policy::SignInPolicy;
///
/// let policy = SignInPolicy::ryazan_2022();
/// let rules = policy.rules_on("2024-09-01".parse()?);
/// assert_eq!((rules.threshold.years, rules.threshold.months), (14, 6));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rules {
    /// The age from which a pupil counts as older (14 years 6 months in both seeds).
    pub threshold: AgeSpan,
    /// For how many days before the threshold a pupil is told that the password will end.
    pub notice_days: u16,
    /// Who may sign in how. A role and age band without a rule cannot sign in that way.
    pub methods: Vec<MethodRule>,
    /// Whether pupils below the threshold may use ЕСИА as well. Both seeds say «только» of older
    /// pupils alone; that younger ones may is our reading.
    pub young_by_esia: YoungByEsia,
    /// Without which consents pupils do not get in; absent where none is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consent: Vec<ConsentRule>,
    /// By which keys a person of ЕСИА is found among the accounts.
    pub matching: Vec<KeyRule>,
    /// Whether the accounts that several schools keep of one person stand together.
    pub accounts: AccountsOfOnePerson,
    /// Whether parents keep their access when the child turns 18.
    pub parents_after_18: ParentsAfter18,
    /// Who enters parents and keeps their data right.
    pub registry_keeper: RegistryKeeper,
    /// Who helps when sign-in fails, in the order they are asked.
    pub helpers: Vec<NextStep>,
    /// What a parent's account must hold beyond family and given name; for pupils and staff it
    /// [follows](Self::mandatory_for) from the other rules.
    pub mandatory: Vec<MandatoryField>,
    /// When failed passwords close the way.
    pub lock_out: LockOut,
    /// For how many days an account [stays closed](crate::signin::Candidate::closing) before it is
    /// erased; absent where closed accounts are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erase_after_days: Option<u16>,
    /// For how many years the journals of a school year that is over are kept before an archived one
    /// [may be dropped](crate::archive::may_drop); absent where they are kept until the head orders
    /// otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_journals_years: Option<u16>,
}

/// One way in for one role.
///
/// ```
/// use eschool_core::policy::{MethodRule, SignInMethod};
///
/// let rule: MethodRule = serde_json::from_str(
///     r#"{"role": "pupil", "band": "older", "method": "esia", "assurance": ["confirmed"]}"#,
/// )?;
/// assert_eq!(rule.method, SignInMethod::Esia);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MethodRule {
    /// Whom it is for.
    pub role: Role,
    /// Which age band of pupils it is for; parents and staff have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<AgeBand>,
    /// The way in.
    pub method: SignInMethod,
    /// The types of ЕСИА account that are accepted; a password has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assurance: Vec<Assurance>,
}

/// A key by which a person of ЕСИА is found, and what must be equal beside it.
///
/// A СНИЛС whose given name differs, or whose birth date and family name both differ, is never
/// enough, whatever a [policy](crate::signin) says.
///
/// ```
/// use eschool_core::policy::{KeyRule, MatchKey};
///
/// let rule: KeyRule =
///     serde_json::from_str(r#"{"key": "phone", "with": ["birth_date", "given_name"]}"#)?;
/// assert_eq!((rule.key, rule.with.len()), (MatchKey::Phone, 2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRule {
    /// The key.
    pub key: MatchKey,
    /// Fields that must be equal; an absent one is not equal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<MatchField>,
}

wire_enum! {
    /// What somebody is in a school.
    ///
    /// ```
    /// use eschool_core::policy::Role;
    ///
    /// assert_eq!(Role::from("parent"), Role::Parent);
    /// ```
    pub enum Role {
        /// Ученик.
        Pupil = "pupil",
        /// Родитель (законный представитель).
        Parent = "parent",
        /// Сотрудник.
        Staff = "staff",
    }
}

wire_enum! {
    /// On which side of the threshold a pupil is.
    ///
    /// ```
    /// use eschool_core::policy::{AgeBand, SignInPolicy};
    ///
    /// let policy = SignInPolicy::ryazan_2022();
    /// let day = "2025-02-28".parse().unwrap();
    /// let band = policy.rules_on(day).pupil_band("28.08.2010".parse().ok(), day);
    /// assert_eq!(band, AgeBand::Older);
    /// ```
    pub enum AgeBand {
        /// Below the threshold.
        Younger = "younger",
        /// From the threshold on, the day itself included.
        Older = "older",
    }
}

wire_enum! {
    /// A way in.
    ///
    /// ```
    /// use eschool_core::policy::SignInMethod;
    ///
    /// assert_eq!(SignInMethod::from("esia"), SignInMethod::Esia);
    /// ```
    pub enum SignInMethod {
        /// Login and password of a registration card.
        Password = "password",
        /// ЕСИА, the state sign-in.
        Esia = "esia",
    }
}

wire_enum! {
    /// A key by which an account is found.
    ///
    /// ```
    /// use eschool_core::policy::MatchKey;
    ///
    /// assert_eq!(MatchKey::from("snils"), MatchKey::Snils);
    /// ```
    pub enum MatchKey {
        /// СНИЛС.
        Snils = "snils",
        /// A mobile phone that ЕСИА verified.
        Phone = "phone",
    }
}

wire_enum! {
    /// A field compared beside the key.
    ///
    /// ```
    /// use eschool_core::policy::MatchField;
    ///
    /// assert_eq!(MatchField::from("given_name"), MatchField::GivenName);
    /// ```
    pub enum MatchField {
        /// Фамилия.
        FamilyName = "family_name",
        /// Имя.
        GivenName = "given_name",
        /// Отчество.
        Patronymic = "patronymic",
        /// Дата рождения.
        BirthDate = "birth_date",
    }
}

wire_enum! {
    /// Whether pupils below the threshold may use ЕСИА.
    ///
    /// ```
    /// use eschool_core::policy::YoungByEsia;
    ///
    /// assert_eq!(YoungByEsia::from("refuse"), YoungByEsia::Refuse);
    /// ```
    pub enum YoungByEsia {
        /// They may, with the assurance of their rule.
        Allow = "allow",
        /// They may not: the password is their only way.
        Refuse = "refuse",
    }
}

wire_enum! {
    /// How the accounts of one person in several schools stand.
    ///
    /// ```
    /// use eschool_core::policy::{AccountsOfOnePerson, SignInPolicy};
    ///
    /// let policy = SignInPolicy::udmurtia_2023();
    /// let rules = policy.rules_on(chrono::NaiveDate::MIN);
    /// assert_eq!(rules.accounts, AccountsOfOnePerson::Merged);
    /// ```
    pub enum AccountsOfOnePerson {
        /// Apart: the person chooses one and may switch (Рязань).
        Separate = "separate",
        /// Together (Удмуртия).
        Merged = "merged",
    }
}

wire_enum! {
    /// What becomes of a parent's access when the child turns 18.
    ///
    /// ```
    /// use eschool_core::policy::{ParentsAfter18, SignInPolicy};
    ///
    /// let policy = SignInPolicy::ryazan_2022();
    /// let rules = policy.rules_on(chrono::NaiveDate::MIN);
    /// assert_eq!(rules.parents_after_18, ParentsAfter18::Keep);
    /// ```
    pub enum ParentsAfter18 {
        /// It stays.
        Keep = "keep",
        /// It ends on that day.
        End = "end",
    }
}

wire_enum! {
    /// Who keeps the registry of parents.
    ///
    /// ```
    /// use eschool_core::policy::RegistryKeeper;
    ///
    /// assert_eq!(RegistryKeeper::from("registrar"), RegistryKeeper::Registrar);
    /// ```
    pub enum RegistryKeeper {
        /// Классный руководитель (Рязань).
        ClassTeacher = "class_teacher",
        /// Сотрудник, ответственный за данные родителей (Удмуртия).
        Registrar = "registrar",
    }
}

impl Rules {
    /// On which side of the threshold a pupil is on a day. One whose birth date nobody knows
    /// counts as younger: the card was given by the school. Such an account is to be listed as
    /// incomplete, see [`mandatory_for`](Self::mandatory_for).
    ///
    /// ```
    /// use eschool_core::policy::{AgeBand, SignInPolicy};
    ///
    /// let policy = SignInPolicy::ryazan_2022();
    /// let today = "2025-02-28".parse()?;
    /// let rules = policy.rules_on(today);
    /// assert_eq!(rules.pupil_band("31.08.2010".parse().ok(), today), AgeBand::Older);
    /// assert_eq!(rules.pupil_band("01.09.2010".parse().ok(), today), AgeBand::Younger);
    /// assert_eq!(rules.pupil_band(None, today), AgeBand::Younger);
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn pupil_band(&self, born: Option<BirthDate>, today: NaiveDate) -> AgeBand {
        if born.is_some_and(|born| self.threshold.is_reached(born, today)) {
            AgeBand::Older
        } else {
            AgeBand::Younger
        }
    }

    /// The first day on which a pupil's password no longer serves, as long as these rules hold; none
    /// for whom it never ends, or who may not use one today.
    pub(super) fn password_ends(
        &self,
        born: Option<BirthDate>,
        today: NaiveDate,
    ) -> Option<NaiveDate> {
        let may = |band| self.allows_password(&Role::Pupil, Some(&band));
        let ends = self.threshold.reached_on(born?);
        (today < ends && may(AgeBand::Younger) && !may(AgeBand::Older)).then_some(ends)
    }

    /// Whether a day on which passwords end is near enough to tell.
    pub(super) fn is_near(&self, ends: NaiveDate, today: NaiveDate) -> bool {
        let notice = Days::new(self.notice_days.into());
        ends.checked_sub_days(notice).is_none_or(|from| from <= today)
    }

    /// Which types of ЕСИА account a role may sign in with; empty if it may not at all.
    pub fn esia_assurance(&self, role: &Role, band: Option<&AgeBand>) -> &[Assurance] {
        if role == &Role::Pupil
            && band == Some(&AgeBand::Younger)
            && self.young_by_esia != YoungByEsia::Allow
        {
            return &[];
        }
        self.rule(role, band, &SignInMethod::Esia).map_or(&[], |rule| rule.assurance.as_slice())
    }

    /// Whether a role may sign in with this type of ЕСИА account. One this version does not know
    /// is no proof of anything.
    #[must_use]
    pub fn accepts_esia(&self, role: &Role, band: Option<&AgeBand>, assurance: &Assurance) -> bool {
        assurance.is_known() && self.esia_assurance(role, band).contains(assurance)
    }

    /// Whether anybody at all may sign in with this type of ЕСИА account.
    pub(crate) fn accepts_esia_of_anybody(&self, assurance: &Assurance) -> bool {
        let (younger, older) = (Some(&AgeBand::Younger), Some(&AgeBand::Older));
        [(Role::Parent, None), (Role::Staff, None), (Role::Pupil, younger), (Role::Pupil, older)]
            .iter()
            .any(|(role, band)| self.accepts_esia(role, *band, assurance))
    }

    /// The types of ЕСИА account with which anybody at all may sign in.
    pub(crate) fn esia_accounts(&self) -> Vec<Assurance> {
        let known = Assurance::KNOWN.iter();
        known.filter(|assurance| self.accepts_esia_of_anybody(assurance)).cloned().collect()
    }

    /// What an account of this role must hold beyond family and given name, for
    /// [`Account::missing`](crate::people::Account::missing): a parent's what the policy says, a
    /// pupil's the birth date where passwords depend on age, for without one the pupil
    /// [counts as younger](Self::pupil_band) for ever.
    ///
    /// ```
    /// use eschool_core::{
    ///     people::{Account, MandatoryField},
    ///     policy::{Role, SignInPolicy},
    /// };
    ///
    /// let pupil: Account = serde_json::from_str(
    ///     r#"{"id": "019379ab-0000-7000-8000-000000000002",
    ///         "school": "019379ab-0000-7000-8000-000000000001",
    ///         "person": "019379ab-0000-7000-8000-000000000003",
    ///         "name": {"family": "Ёлкина", "given": "Анна"}}"#,
    /// )?;
    /// let policy = SignInPolicy::ryazan_2022();
    /// let rules = policy.rules_on(chrono::NaiveDate::MIN);
    /// let missing = pupil.missing(rules.mandatory_for(&Role::Pupil));
    /// assert_eq!(missing, [MandatoryField::BirthDate]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn mandatory_for(&self, role: &Role) -> &[MandatoryField] {
        let password_of = |band| self.allows_password(role, Some(&band));
        match role {
            Role::Parent => &self.mandatory,
            Role::Pupil if password_of(AgeBand::Younger) != password_of(AgeBand::Older) => {
                &[MandatoryField::BirthDate]
            }
            Role::Pupil | Role::Staff | Role::Unknown(_) => &[],
        }
    }

    /// Whether a role may sign in with a password.
    #[must_use]
    pub fn allows_password(&self, role: &Role, band: Option<&AgeBand>) -> bool {
        self.rule(role, band, &SignInMethod::Password).is_some()
    }

    /// The rule for a role, an age band and a method. A rule that names no band is for every band.
    fn rule(
        &self,
        role: &Role,
        band: Option<&AgeBand>,
        method: &SignInMethod,
    ) -> Option<&MethodRule> {
        self.methods.iter().find(|rule| {
            rule.role == *role
                && rule.method == *method
                && (rule.band.is_none() || rule.band.as_ref() == band)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::SignInPolicy;

    #[test]
    fn a_pupil_is_older_from_the_threshold_on() {
        for (born, today, band) in [
            ("31.08.2010", "2025-02-27", AgeBand::Younger),
            ("31.08.2010", "2025-02-28", AgeBand::Older),
            ("31.08.2010", "2025-03-01", AgeBand::Older),
            ("29.02.2012", "2026-08-28", AgeBand::Younger),
            ("29.02.2012", "2026-08-29", AgeBand::Older),
            ("", "2025-03-01", AgeBand::Younger),
        ] {
            let today = today.parse().unwrap();
            let policy = SignInPolicy::ryazan_2022();
            let rules = policy.rules_on(today);
            assert_eq!(rules.pupil_band(born.parse().ok(), today), band, "{born} {today}");
        }
    }

    #[test]
    fn a_pupils_birth_date_is_mandatory_where_passwords_depend_on_age() {
        let of = |policy: SignInPolicy| policy.rules_on(NaiveDate::MIN).clone();
        let with = |change: fn(&mut MethodRule)| {
            let mut rules = of(SignInPolicy::ryazan_2022());
            change(&mut rules.methods[0]);
            rules
        };
        for (case, rules, is_asked) in [
            ("until the threshold", of(SignInPolicy::ryazan_2022()), true),
            ("from the threshold", with(|rule| rule.band = Some(AgeBand::Older)), true),
            ("at any age", with(|rule| rule.band = None), false),
            ("never", of(SignInPolicy::ryazan_2024()), false),
        ] {
            assert_eq!(rules.validate(), Ok(()), "{case}");
            let expected: &[MandatoryField] =
                if is_asked { &[MandatoryField::BirthDate] } else { &[] };
            assert_eq!(rules.mandatory_for(&Role::Pupil), expected, "{case}");
            assert_eq!(rules.mandatory_for(&Role::Parent), rules.mandatory, "{case}");
            for other in [Role::Staff, Role::Unknown("guest".into())] {
                assert_eq!(rules.mandatory_for(&other), [], "{case}: {other}");
            }
        }
    }
}
