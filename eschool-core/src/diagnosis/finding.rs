//! What stands in the way of a refused person.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::RowPlace;
use crate::{
    debug::debug_shows,
    id::{AccountId, SchoolId},
    wire::wire_enum,
};

wire_enum! {
    /// Why somebody whom ЕСИА vouches for was not recognised. The order is that of rank: what is
    /// surest to be the reason, and soonest mended, comes first.
    ///
    /// ```
    /// use eschool_core::diagnosis::Cause;
    ///
    /// assert_eq!(Cause::SnilsMissing.as_str(), "snils_missing");
    /// assert!(Cause::SnilsMissing < Cause::PhoneOnly);
    /// ```
    pub enum Cause {
        /// The account in ЕСИА is not of a type that opens anything here.
        EsiaNotConfirmed = "esia_not_confirmed",
        /// The parent was recognised, and there was no child whose diary was open to them.
        NoChildren = "no_children",
        /// The pupil was recognised, and a consent was missing.
        ConsentMissing = "consent_missing",
        /// The pupil was recognised, and is of the age for which the password alone serves.
        UsePassword = "use_password",
        /// Something that is not in the data stopped the sign-in.
        SignInStopped = "sign_in_stopped",
        /// A relative's account holds the person's СНИЛС: parents swapped, or the parent's number
        /// entered for the child.
        SnilsAtRelative = "snils_at_relative",
        /// The person's account holds a relative's СНИЛС, as the child's.
        HoldsRelativesSnils = "holds_relatives_snils",
        /// The person's account has no СНИЛС.
        SnilsMissing = "snils_missing",
        /// A row or an entry about the person was refused.
        EntryRefused = "entry_refused",
        /// The СНИЛС stands in the account of somebody with another name.
        SnilsAtAnother = "snils_at_another",
        /// Name and birth date are equal, the СНИЛС is not.
        SnilsDiffers = "snils_differs",
        /// The account is like the person's, but what the rules want to be equal is missing or
        /// another.
        TooLittleAgrees = "too_little_agrees",
        /// ЕСИА gave no СНИЛС by which the person's account could be found.
        SnilsNotGiven = "snils_not_given",
        /// The person's account is closed.
        AccountClosed = "account_closed",
        /// An account has the phone, and too little else agrees.
        PhoneOnly = "phone_only",
        /// The account agrees with what ЕСИА said; what stopped the sign-in is not in it.
        AccountAgrees = "account_agrees",
        /// Nothing stands in the way any more: it was mended since.
        MatchesNow = "matches_now",
        /// What stopped the sign-in is not for the viewer to see.
        OutOfSight = "out_of_sight",
        /// Nothing that the viewer may see is near the person.
        NotEntered = "not_entered",
    }
}

impl Cause {
    /// Whether the account it names is surely the refused person's own: by what sign-in finds, by the
    /// СНИЛС, or by the name with the birth date. One that is only like theirs may be a namesake's.
    ///
    /// ```
    /// use eschool_core::diagnosis::Cause;
    ///
    /// assert!(Cause::SnilsDiffers.is_of_the_person());
    /// assert!(!Cause::SnilsAtAnother.is_of_the_person());
    /// assert!(!Cause::TooLittleAgrees.is_of_the_person());
    /// ```
    #[must_use]
    pub const fn is_of_the_person(&self) -> bool {
        match self {
            Self::EsiaNotConfirmed
            | Self::NoChildren
            | Self::ConsentMissing
            | Self::UsePassword
            | Self::SignInStopped
            | Self::SnilsAtRelative
            | Self::HoldsRelativesSnils
            | Self::SnilsMissing
            | Self::SnilsDiffers
            | Self::AccountClosed
            | Self::AccountAgrees
            | Self::MatchesNow => true,
            Self::EntryRefused
            | Self::SnilsAtAnother
            | Self::TooLittleAgrees
            | Self::SnilsNotGiven
            | Self::PhoneOnly
            | Self::OutOfSight
            | Self::NotEntered
            | Self::Unknown(_) => false,
        }
    }
}

/// One cause with its repair. The texts name people of the account or the row, and no СНИЛС but
/// by its last two digits: they are for the viewer they were made for.
///
/// ```
/// use eschool_core::{
///     diagnosis::{CaseEvidence, Cause, DiagnosisScope, RefusedPerson, diagnose},
///     policy::SignInPolicy,
///     signin::RefusalCode,
/// };
///
/// let said = serde_json::from_str(
///     r#"{"oid": "1", "assurance": "confirmed", "snils": "112-233-445 95",
///         "name": {"family": "Ёлкина", "given": "Анна"}}"#,
/// )?;
/// let (policy, today) = (SignInPolicy::ryazan_2022(), "2024-09-30".parse().unwrap());
/// let (refusal, rules) = (&RefusalCode::NotFound, policy.rules_on(today));
/// let person = RefusedPerson { said: &said, refusal, rules, today };
/// let found = diagnose(&person, &CaseEvidence::default(), &[DiagnosisScope::Support]);
/// assert_eq!(found[0].cause, Cause::NotEntered);
/// assert!(found[0].repair_ru.starts_with("Внесите"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Why.
    pub cause: Cause,
    /// The school whose data it is about; none if there are no data to see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<SchoolId>,
    /// The account it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The relative's account. One that the viewer may not see makes no finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<AccountId>,
    /// The refused row; none for what was typed in a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<RowPlace>,
    /// What it is, in Russian.
    pub text_ru: String,
    /// How to mend it, in Russian.
    pub repair_ru: String,
    /// What it is, in English.
    pub text_en: String,
    /// How to mend it, in English.
    pub repair_en: String,
}

debug_shows! {
    Finding { cause, school, account, relative, row }
}
