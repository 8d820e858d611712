//! What a store gathers about a refused person.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    debug::debug_shows,
    error::ApiError,
    id::{ClassId, SchoolId},
    people::{Account, KeptApart},
    wire::{masked, wire_enum},
};

/// Everything near a person of ЕСИА, of whatever schools. More than is near does no harm: it is
/// left out of the findings.
///
/// ```
/// use eschool_core::diagnosis::CaseEvidence;
///
/// let nothing: CaseEvidence = serde_json::from_str("{}")?;
/// assert_eq!(nothing, CaseEvidence::default());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CaseEvidence {
    /// Accounts with the same СНИЛС or the same phone, those that are joined to one of them as the
    /// same person's, and those with the same folded family and given name whose birth date is the
    /// same or missing.
    pub accounts: Vec<NearAccount>,
    /// Refused rows and entries with the same folded family name, or with the same СНИЛС.
    pub refused: Vec<RefusedEntry>,
    /// Whether the phone that ЕСИА verified was noted as one that two people share: then it
    /// identifies neither.
    pub phone_is_shared: bool,
    /// Which of the accounts somebody settled to be two people.
    pub kept_apart: Vec<KeptApart>,
}

/// An account near the person, with its family.
///
/// ```
/// use eschool_core::diagnosis::NearAccount;
///
/// let near: NearAccount = serde_json::from_str(
///     r#"{"account": {"id": "019379ab-0000-7000-8000-000000000002",
///                     "school": "019379ab-0000-7000-8000-000000000001",
///                     "person": "019379ab-0000-7000-8000-000000000003",
///                     "name": {"family": "Ёлкина", "given": "Анна"}},
///         "classes": ["019379ab-0000-7000-8000-0000000000c7"], "until": "2024-10-10"}"#,
/// )?;
/// assert!(near.relatives.is_empty());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NearAccount {
    /// The account.
    pub account: Account,
    /// The classes by which a class teacher knows it today, as
    /// [`classes_on`](crate::journal::classes_on) says: a pupil's own, those of a parent's children.
    #[serde(default)]
    pub classes: Vec<ClassId>,
    /// The last day on which it opened anything, as a pupil's last in the school; none while
    /// nothing ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// The family in this school.
    #[serde(default)]
    pub relatives: Vec<Relative>,
}

/// Somebody of the family of a [`NearAccount`].
///
/// ```
/// use eschool_core::diagnosis::{Relation, Relative};
///
/// let child: Relative = serde_json::from_str(
///     r#"{"relation": "child",
///         "account": {"id": "019379ab-0000-7000-8000-000000000004",
///                     "school": "019379ab-0000-7000-8000-000000000001",
///                     "person": "019379ab-0000-7000-8000-000000000005",
///                     "name": {"family": "Ёлкин", "given": "Пётр"}}}"#,
/// )?;
/// assert_eq!(child.relation, Relation::Child);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Relative {
    /// What they are to the account.
    pub relation: Relation,
    /// Their own account.
    pub account: Account,
    /// The classes by which a class teacher knows them today.
    #[serde(default)]
    pub classes: Vec<ClassId>,
}

wire_enum! {
    /// What a relative is to the account looked at.
    ///
    /// ```
    /// use eschool_core::diagnosis::Relation;
    ///
    /// assert_eq!(Relation::CoParent.as_str(), "co_parent");
    /// assert_eq!(Relation::Child.text_ru(), "ребёнок");
    /// ```
    pub enum Relation {
        /// A child.
        Child = "child",
        /// A parent.
        Parent = "parent",
        /// Another parent of the same child.
        CoParent = "co_parent",
    }
}

impl Relation {
    /// The words a person reads.
    #[must_use]
    pub fn text_ru(&self) -> &str {
        match self {
            Self::Child => "ребёнок",
            Self::Parent => "родитель",
            Self::CoParent => "другой родитель",
            Self::Unknown(text) => text,
        }
    }

    /// The same in English.
    #[must_use]
    pub fn text_en(&self) -> &str {
        match self {
            Self::Child => "child",
            Self::Parent => "parent",
            Self::CoParent => "other parent",
            Self::Unknown(text) => text,
        }
    }
}

/// A row of a file, or an entry in a form, that was refused.
///
/// ```
/// use eschool_core::{diagnosis::RefusedEntry, error::ApiError, identity::Snils};
///
/// let error = Snils::parse("112-233-445 96").unwrap_err();
/// let entry: RefusedEntry = serde_json::from_value(serde_json::json!({
///     "school": "019379ab-0000-7000-8000-000000000001",
///     "row": {"file": "parents.csv", "line": 229},
///     "error": ApiError::of(&error, Some("СНИЛС")),
///     "cell": "112-233-445 96",
///     "typed": {"family": "Ёлкина", "given": "Анна", "birthDate": "17.05.1985"},
/// }))?;
/// assert_eq!(entry.error.code, "snils_checksum");
/// assert!(!format!("{entry:?}").contains("Ёлкина"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusedEntry {
    /// The school it was meant for.
    pub school: SchoolId,
    /// Where it stands; none for what was typed in a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<RowPlace>,
    /// Why it was refused; the field is the heading of the column, or the field of the form.
    pub error: ApiError,
    /// What stands in that column.
    #[serde(default, deserialize_with = "masked::string")]
    pub cell: String,
    /// Whom it is about, as typed.
    pub typed: TypedPerson,
    /// The classes it names, as far as the school has them.
    #[serde(default)]
    pub classes: Vec<ClassId>,
}

/// A line of a file, counted as a spreadsheet does: the heading is line 1.
///
/// ```
/// use eschool_core::diagnosis::RowPlace;
///
/// let place: RowPlace = serde_json::from_str(r#"{"file": "parents.csv", "line": 229}"#)?;
/// assert_eq!(place.line, 229);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RowPlace {
    /// The file's name.
    pub file: String,
    /// The line.
    pub line: u32,
}

/// Somebody as typed: nothing of it need be right. What was not typed is empty.
///
/// ```
/// use eschool_core::diagnosis::TypedPerson;
///
/// let typed: TypedPerson = serde_json::from_str(r#"{"birthDate": "31.02.1985"}"#)?;
/// assert!(typed.family.is_empty());
/// assert!(!format!("{typed:?}").contains("1985"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TypedPerson {
    /// Фамилия.
    #[serde(deserialize_with = "masked::string")]
    pub family: String,
    /// Имя.
    #[serde(deserialize_with = "masked::string")]
    pub given: String,
    /// Дата рождения.
    #[serde(deserialize_with = "masked::string")]
    pub birth_date: String,
    /// СНИЛС.
    #[serde(deserialize_with = "masked::string")]
    pub snils: String,
    /// Телефон; the first counts if there are several.
    #[serde(deserialize_with = "masked::string")]
    pub phone: String,
}

debug_shows! {
    RefusedEntry { school, row, error }
    TypedPerson {}
}
