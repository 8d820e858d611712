//! Which adult is whose.

use alloc::string::String;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{id::AccountId, identity::AgeSpan, wire::wire_enum};

/// The age at which a pupil comes of age (*совершеннолетие*): from that day nobody represents
/// them.
///
/// ```
/// use eschool_core::people::COMING_OF_AGE;
///
/// let day = COMING_OF_AGE.reached_on("29.02.2008".parse()?);
/// assert_eq!(day.to_string(), "2026-02-28");
/// # Ok::<(), eschool_core::identity::DateError>(())
/// ```
pub const COMING_OF_AGE: AgeSpan = AgeSpan { years: 18, months: 0 };

/// The bond of an adult and a child (*связь родитель–ребёнок*).
///
/// ```
/// use chrono::NaiveDate;
/// use eschool_core::people::Guardianship;
///
/// let bond: Guardianship = serde_json::from_str(
///     r#"{"parent": "019379ab-0000-7000-8000-000000000002",
///         "child": "019379ab-0000-7000-8000-000000000003",
///         "kinship": "guardian", "until": "2025-05-31"}"#,
/// )?;
/// let day = |month, day| NaiveDate::from_ymd_opt(2025, month, day).unwrap();
/// assert!(bond.holds_on(day(5, 31)));
/// assert!(!bond.holds_on(day(6, 1)));
/// assert!(bond.is_legal_representative());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Guardianship {
    /// The adult.
    pub parent: AccountId,
    /// The child.
    pub child: AccountId,
    /// What they are to the child (*тип родства*).
    pub kinship: Kinship,
    /// Whether the adult is the child's legal representative (*законный представитель*), where the
    /// school says so; none where it follows from the kinship.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_representative: Option<bool>,
    /// The first day it holds; none if it always did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day it holds; none while nobody set an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Whether the adult may not see the child's diary (*доступ ограничен*).
    #[serde(default)]
    pub barred: bool,
}

impl Guardianship {
    /// Whether it holds on this day, barred or not.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether the adult acts for the child, as in giving a consent: what the school says of this
    /// very bond (a mother may have lost her rights, an aunt may be the guardian), else what
    /// follows from the kinship.
    #[must_use]
    pub fn is_legal_representative(&self) -> bool {
        self.legal_representative.unwrap_or_else(|| self.kinship.represents())
    }
}

wire_enum! {
    /// What an adult is to a child (*тип родства*).
    ///
    /// ```
    /// use eschool_core::people::Kinship;
    ///
    /// assert_eq!(Kinship::of_cell(" Мать "), Kinship::Mother);
    /// assert_eq!(Kinship::of_cell("тётя"), Kinship::Unknown("тётя".into()));
    /// assert_eq!(Kinship::Mother.text_ru(), "мать");
    /// ```
    pub enum Kinship {
        /// Мать.
        Mother = "mother",
        /// Отец.
        Father = "father",
        /// Опекун, попечитель.
        Guardian = "guardian",
        /// Приёмный родитель.
        FosterParent = "foster_parent",
        /// Законный представитель, ближе не названный.
        Representative = "representative",
    }
}

impl Kinship {
    /// Reads the cell of a file or a form; what schools write beyond the known words is kept.
    #[must_use]
    pub fn of_cell(text: &str) -> Self {
        let text = text.trim();
        match text.to_lowercase().replace('ё', "е").as_str() {
            "мать" | "мама" => Self::Mother,
            "отец" | "папа" => Self::Father,
            "опекун" | "попечитель" => Self::Guardian,
            "приемный родитель" => Self::FosterParent,
            "" | "законный представитель" | "представитель" => {
                Self::Representative
            }
            _ => Self::Unknown(String::from(text)),
        }
    }

    /// Whether somebody of this kinship is the child's legal representative unless the school says
    /// otherwise. What schools write beyond the known words («бабушка», «тётя») gives no such right.
    ///
    /// ```
    /// use eschool_core::people::Kinship;
    ///
    /// assert!(Kinship::KNOWN.iter().all(Kinship::represents));
    /// assert!(!Kinship::of_cell("бабушка").represents());
    /// ```
    #[must_use]
    pub const fn represents(&self) -> bool {
        match self {
            Self::Mother
            | Self::Father
            | Self::Guardian
            | Self::FosterParent
            | Self::Representative => true,
            Self::Unknown(_) => false,
        }
    }

    /// The word a person reads.
    #[must_use]
    pub fn text_ru(&self) -> &str {
        match self {
            Self::Mother => "мать",
            Self::Father => "отец",
            Self::Guardian => "опекун",
            Self::FosterParent => "приёмный родитель",
            Self::Representative => "законный представитель",
            Self::Unknown(text) => text,
        }
    }
}
