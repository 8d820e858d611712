//! On what ground a school keeps somebody's data.

use alloc::string::String;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    calendar::{DateRange, DateRangeError},
    debug::debug_shows,
    error::CodedError,
    id::AccountId,
    wire::{masked, wire_enum},
};

/// The most characters that name a paper.
const LONGEST_DOCUMENT: usize = 500;

/// The ground on which a school processes one person's data (*основание обработки персональных
/// данных*, 152-ФЗ, ст. 6): a consent, or another one.
///
/// ```
/// use eschool_core::people::{DataBasis, MayKeep, may_keep_data};
///
/// let basis: DataBasis = serde_json::from_str(
///     r#"{"account": "019379ab-0000-7000-8000-000000000002", "ground": "consent",
///         "document": "Согласие № 17", "date": "2024-09-01"}"#,
/// )?;
/// let on = |day: &str| day.parse().unwrap();
/// assert!(basis.holds_on(on("2024-09-01")) && !basis.holds_on(on("2024-08-31")));
///
/// let account = basis.account;
/// let withdrawn = [DataBasis { withdrawn: Some(on("2025-02-03")), ..basis }];
/// assert_eq!(may_keep_data(&withdrawn, account, on("2025-02-02")), MayKeep::Yes);
/// assert_eq!(may_keep_data(&withdrawn, account, on("2025-02-03")), MayKeep::No);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "Fields")]
pub struct DataBasis {
    /// Whose data.
    pub account: AccountId,
    /// The ground.
    pub ground: DataGround,
    /// The paper that says so, as the school names it, with its number.
    pub document: String,
    /// The day of the paper, the first on which it holds.
    pub date: NaiveDate,
    /// The last day it holds; none while nobody set an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// The day a consent was withdrawn (*отозвано*), the first on which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<NaiveDate>,
}

// A paper's name may hold that of a person.
debug_shows! { DataBasis { account, ground, date, until, withdrawn } }

wire_enum! {
    /// The grounds of 152-ФЗ (ст. 6, ч. 1) that occur in schools.
    ///
    /// ```
    /// use eschool_core::people::DataGround;
    ///
    /// assert_eq!(DataGround::Law.text_ru(), "обязанность по закону");
    /// assert!(DataGround::Consent.is_withdrawable() && !DataGround::Law.is_withdrawable());
    /// ```
    pub enum DataGround {
        /// Согласие (п. 1).
        Consent = "consent",
        /// Обязанность по закону (п. 2), as in teaching and attesting.
        Law = "law",
        /// Государственная или муниципальная услуга (п. 4).
        PublicService = "public_service",
        /// Договор (п. 5), as with staff.
        Contract = "contract",
    }
}

impl DataGround {
    /// The words a person reads.
    #[must_use]
    pub fn text_ru(&self) -> &str {
        match self {
            Self::Consent => "согласие",
            Self::Law => "обязанность по закону",
            Self::PublicService => "государственная или муниципальная услуга",
            Self::Contract => "договор",
            Self::Unknown(text) => text,
        }
    }

    /// Whether the person may take it back: a consent alone.
    #[must_use]
    pub fn is_withdrawable(&self) -> bool {
        *self == Self::Consent
    }
}

/// Why a ground cannot stand.
///
/// ```
/// use eschool_core::{error::CodedError, people::DataBasisError};
///
/// let error = DataBasisError::DocumentMissing;
/// assert_eq!((error.code(), error.field()), ("document_missing", Some("document")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DataBasisError {
    /// No paper is named.
    #[error("the document is missing; name the paper and its number")]
    DocumentMissing,
    /// What names the paper has more than 500 characters.
    #[error("the document is named in more than 500 characters")]
    DocumentTooLong,
    /// It ends before it begins.
    #[error(transparent)]
    Ends(DateRangeError),
    /// It is withdrawn before it begins.
    #[error(transparent)]
    Withdrawn(DateRangeError),
    /// Something else than a consent was withdrawn.
    #[error("only a consent can be withdrawn; set the last day instead")]
    NotWithdrawable,
}

impl CodedError for DataBasisError {
    fn code(&self) -> &'static str {
        match self {
            Self::DocumentMissing => "document_missing",
            Self::DocumentTooLong => "document_too_long",
            Self::Ends(error) | Self::Withdrawn(error) => error.code(),
            Self::NotWithdrawable => "basis_not_withdrawable",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::DocumentMissing => "Не назван документ: впишите его название и номер",
            Self::DocumentTooLong => "В названии документа должно быть не больше 500 знаков",
            Self::Ends(error) | Self::Withdrawn(error) => error.text_ru(),
            Self::NotWithdrawable => {
                "Отозвать можно только согласие: для другого основания впишите последний день"
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::DocumentMissing | Self::DocumentTooLong => "document",
            Self::Ends(_) => "until",
            Self::Withdrawn(_) | Self::NotWithdrawable => "withdrawn",
        })
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::Ends(error) | Self::Withdrawn(error) => error.value(),
            Self::DocumentMissing | Self::DocumentTooLong | Self::NotWithdrawable => None,
        }
    }
}

impl DataBasis {
    /// Checks that a paper is named, in at most 500 characters, that no day comes before the paper's own, and that nothing but
    /// a consent was withdrawn. Decoding refuses what fails.
    ///
    /// # Errors
    /// [`DataBasisError`] names what is wrong.
    pub fn validate(&self) -> Result<(), DataBasisError> {
        if self.document.trim().is_empty() {
            return Err(DataBasisError::DocumentMissing);
        }
        if self.document.chars().nth(LONGEST_DOCUMENT).is_some() {
            return Err(DataBasisError::DocumentTooLong);
        }
        if let Some(last) = self.until {
            DateRange::new(self.date, last).map_err(DataBasisError::Ends)?;
        }
        if let Some(withdrawn) = self.withdrawn {
            DateRange::new(self.date, withdrawn).map_err(DataBasisError::Withdrawn)?;
        }
        if self.withdrawn.is_some() && self.ground.is_known() && !self.ground.is_withdrawable() {
            return Err(DataBasisError::NotWithdrawable);
        }
        Ok(())
    }

    /// Ends it: a consent is withdrawn from the day on, another ground has the day before as its last.
    /// It never holds for longer than before: what was withdrawn stays withdrawn as it was, and what
    /// ends earlier anyway still does.
    ///
    /// ```
    /// use eschool_core::people::DataBasis;
    ///
    /// let mut basis: DataBasis = serde_json::from_str(
    ///     r#"{"account": "019379ab-0000-7000-8000-000000000002", "ground": "law",
    ///         "document": "Приказ № 17", "date": "2024-09-01"}"#,
    /// )?;
    /// basis.end("2024-10-01".parse().unwrap()).unwrap();
    /// basis.end("2024-12-01".parse().unwrap()).unwrap();
    /// assert_eq!(basis.until, Some("2024-09-30".parse().unwrap()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`DataBasisError`] for a day before the paper's own; it stays as it was then.
    pub fn end(&mut self, from: NaiveDate) -> Result<(), DataBasisError> {
        let mut ended = self.clone();
        if ended.ground.is_withdrawable() {
            ended.withdrawn.get_or_insert(from);
        } else {
            let last = from.pred_opt().unwrap_or(from);
            ended.until = Some(ended.until.map_or(last, |until| until.min(last)));
        }
        ended.validate()?;
        *self = ended;
        Ok(())
    }

    /// Whether it surely holds on this day. Of a ground this version does not know that is never
    /// sure; [`may_keep_data`] parts it from one that does not hold.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.ground.is_known() && self.covers(day)
    }

    fn covers(&self, day: NaiveDate) -> bool {
        self.date <= day
            && self.until.is_none_or(|last| day <= last)
            && self.withdrawn.is_none_or(|withdrawn| day < withdrawn)
    }
}

/// Whether a school may keep somebody's data on a day. Only [`No`](Self::No) lets it erase them;
/// when a closed account is erased, [`may_erase`](crate::signin::may_erase) joins this with the
/// policy's days.
///
/// ```
/// use eschool_core::people::{DataBasis, MayKeep, may_keep_data};
///
/// let basis: DataBasis = serde_json::from_str(
///     r#"{"account": "019379ab-0000-7000-8000-000000000002", "ground": "a_newer_law",
///         "document": "Приказ № 17", "date": "2024-09-01"}"#,
/// )?;
/// let (account, day) = (basis.account, "2024-09-02".parse().unwrap());
/// assert_eq!(may_keep_data(&[basis], account, day), MayKeep::NotKnown);
/// assert_eq!(may_keep_data(&[], account, day), MayKeep::No);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayKeep {
    /// A ground holds.
    Yes,
    /// No ground holds.
    No,
    /// None holds that this version knows, but one that only a newer version knows may: a person
    /// has to look.
    NotKnown,
}

/// Whether a school may keep an account's data on a day: one ground that holds is enough.
#[must_use]
pub fn may_keep_data(bases: &[DataBasis], account: AccountId, day: NaiveDate) -> MayKeep {
    let own = || bases.iter().filter(|basis| basis.account == account);
    if own().any(|basis| basis.holds_on(day)) {
        MayKeep::Yes
    } else if own().any(|basis| basis.covers(day)) {
        MayKeep::NotKnown
    } else {
        MayKeep::No
    }
}

/// What is decoded, before anybody looked whether it can stand.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    account: AccountId,
    ground: DataGround,
    #[serde(deserialize_with = "masked::string")]
    document: String,
    date: NaiveDate,
    #[serde(default)]
    until: Option<NaiveDate>,
    #[serde(default)]
    withdrawn: Option<NaiveDate>,
}

impl TryFrom<Fields> for DataBasis {
    type Error = DataBasisError;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { account, ground, document, date, until, withdrawn } = fields;
        let basis = Self { account, ground, document, date, until, withdrawn };
        basis.validate()?;
        Ok(basis)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use uuid::Uuid;

    use super::*;

    const OWN: AccountId = AccountId(Uuid::from_u128(1));

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn basis(ground: &str, until: &str, withdrawn: &str) -> DataBasis {
        DataBasis {
            account: OWN,
            ground: DataGround::from(ground),
            document: "Согласие Ёлкиной А. О. № 17".into(),
            date: day("2024-09-01"),
            until: until.parse().ok(),
            withdrawn: withdrawn.parse().ok(),
        }
    }

    #[test]
    fn a_ground_holds_from_its_paper_to_its_last_day_or_until_it_is_withdrawn() {
        for (ground, until, withdrawn, on, holds) in [
            ("consent", "", "", "2024-08-31", false),
            ("consent", "", "", "2024-09-01", true),
            ("law", "2025-05-31", "", "2025-05-31", true),
            ("law", "2025-05-31", "", "2025-06-01", false),
            ("consent", "", "2025-02-03", "2025-02-02", true),
            ("consent", "", "2025-02-03", "2025-02-03", false),
            ("consent", "2025-01-31", "2025-02-03", "2025-02-01", false),
            ("a_new_law", "", "", "2025-01-01", false),
        ] {
            let basis = basis(ground, until, withdrawn);
            assert_eq!(basis.validate(), Ok(()));
            assert_eq!(basis.holds_on(day(on)), holds, "{ground} {until} {withdrawn} {on}");
            let other = AccountId(Uuid::from_u128(2));
            let alone = core::slice::from_ref(&basis);
            assert_eq!(may_keep_data(alone, other, day(on)), MayKeep::No);
            let told = match (holds, ground) {
                (true, _) => MayKeep::Yes,
                (false, "a_new_law") => MayKeep::NotKnown,
                (false, _) => MayKeep::No,
            };
            assert_eq!(may_keep_data(alone, OWN, day(on)), told, "{ground} {on}");
            // One ground that ended takes nothing from another.
            let both = [basis, self::basis("contract", "", "")];
            let kept = if on >= "2024-09-01" { MayKeep::Yes } else { MayKeep::No };
            assert_eq!(may_keep_data(&both, OWN, day(on)), kept, "{on}");
        }
        // Once its days are over, an unknown ground is no longer in doubt.
        let over = [basis("a_new_law", "2024-12-31", "")];
        assert_eq!(may_keep_data(&over, OWN, day("2025-01-01")), MayKeep::No);
    }

    #[test]
    fn what_cannot_stand_is_refused_with_its_field() {
        let nameless = DataBasis { document: " ".into(), ..basis("law", "", "") };
        for (wrong, code, field) in [
            (nameless, "document_missing", "document"),
            (basis("law", "2024-08-31", ""), "range_reversed", "until"),
            (basis("consent", "", "2024-08-31"), "range_reversed", "withdrawn"),
            (basis("law", "", "2025-02-03"), "basis_not_withdrawable", "withdrawn"),
        ] {
            let error = wrong.validate().unwrap_err();
            assert_eq!((error.code(), error.field()), (code, Some(field)));
            let json = serde_json::to_string(&wrong).unwrap();
            assert!(serde_json::from_str::<DataBasis>(&json).is_err(), "{json}");
        }
    }

    #[test]
    fn it_crosses_borders_and_hides_its_paper_in_debug_output() {
        let basis = basis("a_new_law", "2025-05-31", "");
        let json = serde_json::to_string(&basis).unwrap();
        assert_eq!(serde_json::from_str::<DataBasis>(&json).unwrap(), basis);
        assert!(!format!("{basis:?}").contains("Ёлкин"));
    }
}
