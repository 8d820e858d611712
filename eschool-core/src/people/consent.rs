//! Consents: who allowed what about a pupil, and for how long.

mod days;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::days::ConsentDaysError;
use super::{COMING_OF_AGE, Guardianship};
use crate::{error::CodedError, id::AccountId, identity::BirthDate, wire::wire_enum};

/// A consent about one pupil (*согласие*).
///
/// Whether somebody [may give one](may_consent) is asked once, when it is given. What was given
/// stays given when a guardianship ends, until somebody revokes it.
///
/// ```
/// use chrono::NaiveDate;
/// use eschool_core::people::{Consent, ConsentGiver};
///
/// let consent: Consent = serde_json::from_str(
///     r#"{"giver": "019379ab-0000-7000-8000-000000000002",
///         "pupil": "019379ab-0000-7000-8000-000000000003",
///         "purpose": "school_portfolio", "from": "2024-09-01", "until": "2025-05-31"}"#,
/// )?;
/// assert_eq!(consent.given_by(), ConsentGiver::Parent);
/// let day = |month, day| NaiveDate::from_ymd_opt(2025, month, day).unwrap();
/// assert!(consent.holds_on(day(5, 31)));
/// assert!(!consent.holds_on(day(6, 1)));
///
/// let revoked = Consent { revoked: Some(day(2, 3)), ..consent };
/// assert!(revoked.holds_on(day(2, 2)));
/// assert_eq!(revoked.ends_on(), Some(day(2, 3)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", try_from = "Fields")]
pub struct Consent {
    /// Who gave it: an adult's account, or the pupil's own.
    pub giver: AccountId,
    /// The pupil it is about.
    pub pupil: AccountId,
    /// What it allows.
    pub purpose: ConsentPurpose,
    /// The day it was given, the first on which it holds.
    pub from: NaiveDate,
    /// The last day it holds; none while nobody set an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// The day it was revoked (*отозвано*), the first on which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<NaiveDate>,
}

/// What is decoded, before anybody looked whether its days are in order.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    giver: AccountId,
    pupil: AccountId,
    purpose: ConsentPurpose,
    from: NaiveDate,
    #[serde(default)]
    until: Option<NaiveDate>,
    #[serde(default)]
    revoked: Option<NaiveDate>,
}

impl TryFrom<Fields> for Consent {
    type Error = ConsentDaysError;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { giver, pupil, purpose, from, until, revoked } = fields;
        let consent = Self { giver, pupil, purpose, from, until, revoked };
        consent.validate()?;
        Ok(consent)
    }
}

impl Consent {
    /// Checks that it neither ends nor is revoked before it is given; decoding refuses one that is.
    ///
    /// # Errors
    /// [`ConsentDaysError`] names the field and both days; the last day comes before the one of the
    /// revocation, should both be wrong.
    pub fn validate(&self) -> Result<(), ConsentDaysError> {
        let from = self.from;
        if let Some(until) = self.until.filter(|until| *until < from) {
            return Err(ConsentDaysError::Ends { from, until });
        }
        match self.revoked.filter(|revoked| *revoked < from) {
            Some(revoked) => Err(ConsentDaysError::Revoked { from, revoked }),
            None => Ok(()),
        }
    }

    /// Whether it holds on this day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.ends_on().is_none_or(|ends| day < ends)
    }

    /// The first day on which it no longer holds: after its last day, or when it was revoked. None
    /// while no end is known.
    #[must_use]
    pub fn ends_on(&self) -> Option<NaiveDate> {
        let after_last = self.until.and_then(|last| last.succ_opt());
        [after_last, self.revoked].into_iter().flatten().min()
    }

    /// As what the giver gave it: the pupil's own account, or an adult's.
    #[must_use]
    pub fn given_by(&self) -> ConsentGiver {
        if self.giver == self.pupil { ConsentGiver::Pupil } else { ConsentGiver::Parent }
    }
}

wire_enum! {
    /// What a consent allows (*цель согласия*).
    ///
    /// ```
    /// use eschool_core::people::ConsentPurpose;
    ///
    /// let purpose = ConsentPurpose::from("school_portfolio");
    /// assert_eq!(purpose, ConsentPurpose::SchoolPortfolio);
    /// assert_eq!(purpose.text_ru(), "ведение «Школьного портфолио»");
    /// ```
    pub enum ConsentPurpose {
        /// Ведение «Школьного портфолио»: what schools of Рязань ask parents for since 2024.
        SchoolPortfolio = "school_portfolio",
        /// Вход ученика в электронный дневник.
        SignIn = "sign_in",
        /// Обработка персональных данных (152-ФЗ).
        PersonalData = "personal_data",
    }
}

impl ConsentPurpose {
    /// What a person reads after «согласие на».
    #[must_use]
    pub fn text_ru(&self) -> &str {
        match self {
            Self::SchoolPortfolio => "ведение «Школьного портфолио»",
            Self::SignIn => "вход в электронный дневник",
            Self::PersonalData => "обработку персональных данных",
            Self::Unknown(text) => text,
        }
    }

    /// What a person reads after "consent to".
    #[must_use]
    pub fn text_en(&self) -> &str {
        match self {
            Self::SchoolPortfolio => "the school portfolio",
            Self::SignIn => "signing in to the diary",
            Self::PersonalData => "the processing of personal data",
            Self::Unknown(text) => text,
        }
    }
}

wire_enum! {
    /// As what somebody gives a consent.
    ///
    /// ```
    /// use eschool_core::people::ConsentGiver;
    ///
    /// assert_eq!(ConsentGiver::from("parent"), ConsentGiver::Parent);
    /// ```
    pub enum ConsentGiver {
        /// A parent or another legal representative.
        Parent = "parent",
        /// The pupil.
        Pupil = "pupil",
    }
}

/// Why somebody may not give a consent about a pupil.
///
/// ```
/// use eschool_core::{error::CodedError, people::ConsentError};
///
/// assert_eq!(ConsentError::NotRepresentative.code(), "not_representative");
/// assert!(ConsentError::OfAge.text_ru().contains("18 лет"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum ConsentError {
    /// The pupil has come of age: nobody else consents any more.
    #[error("the pupil has come of age and consents alone")]
    OfAge,
    /// The adult's right to this child is limited.
    #[error("this adult's access to the child is limited; ask the school")]
    Barred,
    /// The adult is not the child's legal representative.
    #[error("only a legal representative may consent for the child")]
    NotRepresentative,
    /// The bond does not hold on this day.
    #[error("the guardianship does not hold on this day; ask the school")]
    GuardianshipEnded,
    /// The adult has no bond with this pupil.
    #[error("this pupil is not a child of this adult")]
    NotYours,
}

impl CodedError for ConsentError {
    fn code(&self) -> &'static str {
        match self {
            Self::OfAge => "pupil_of_age",
            Self::Barred => "access_barred",
            Self::NotRepresentative => "not_representative",
            Self::GuardianshipEnded => "guardianship_ended",
            Self::NotYours => "not_yours",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::OfAge => "Ученику уже исполнилось 18 лет: согласие он даёт сам",
            Self::Barred => "Ваши права в отношении этого ребёнка ограничены. Обратитесь в школу",
            Self::NotRepresentative => {
                "Согласие за ребёнка даёт только его законный представитель: родитель, опекун или \
                 приёмный родитель"
            }
            Self::GuardianshipEnded => {
                "Срок, на который вы записаны представителем этого ребёнка, не наступил или вышел. \
                 Обратитесь в школу"
            }
            Self::NotYours => "По данным школы этот ученик – не ваш ребёнок",
        }
    }
}

/// Whether somebody may give a consent about a pupil on a day, and as what. `bonds` are those of
/// the giver; a bond with another child says nothing.
///
/// A pupil always may; from which age a pupil's own consent is enough is a rule of the policy
/// ([`ConsentRule`](crate::policy::ConsentRule)). An adult may while the bond holds and is not
/// barred, as a legal representative, until the day the pupil comes of age. A pupil whose birth
/// date nobody knows counts as a minor.
///
/// ```
/// use eschool_core::people::{ConsentError, ConsentGiver, Guardianship, Kinship, may_consent};
///
/// let grandmother: Guardianship = serde_json::from_str(
///     r#"{"parent": "019379ab-0000-7000-8000-000000000002",
///         "child": "019379ab-0000-7000-8000-000000000003", "kinship": "бабушка"}"#,
/// )?;
/// let (giver, pupil) = (grandmother.parent, grandmother.child);
/// let day = "2024-09-01".parse().unwrap();
/// let may = |bond| may_consent(giver, pupil, &[bond], None, day);
/// assert_eq!(may(grandmother.clone()), Err(ConsentError::NotRepresentative));
/// let mother = Guardianship { kinship: Kinship::Mother, ..grandmother };
/// assert_eq!(may(mother), Ok(ConsentGiver::Parent));
/// assert_eq!(may_consent(pupil, pupil, &[], None, day), Ok(ConsentGiver::Pupil));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// [`ConsentError`] says which rule stands in the way; the most telling one if there are several.
pub fn may_consent(
    giver: AccountId,
    pupil: AccountId,
    bonds: &[Guardianship],
    born: Option<BirthDate>,
    day: NaiveDate,
) -> Result<ConsentGiver, ConsentError> {
    if giver == pupil {
        return Ok(ConsentGiver::Pupil);
    }
    let of_age = born.is_some_and(|born| COMING_OF_AGE.is_reached(born, day));
    let of_the_two = || bonds.iter().filter(|bond| (bond.parent, bond.child) == (giver, pupil));
    if !of_age && of_the_two().any(|bond| bond.barred && bond.holds_on(day)) {
        return Err(ConsentError::Barred);
    }
    let mut refused = ConsentError::NotYours;
    for bond in of_the_two() {
        let reason = if of_age {
            ConsentError::OfAge
        } else if !bond.is_legal_representative() {
            ConsentError::NotRepresentative
        } else if bond.barred || !bond.holds_on(day) {
            ConsentError::GuardianshipEnded
        } else {
            return Ok(ConsentGiver::Parent);
        };
        refused = refused.min(reason);
    }
    Err(refused)
}

#[cfg(test)]
mod tests;
