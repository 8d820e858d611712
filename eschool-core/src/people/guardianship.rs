//! Which adult is whose.

use alloc::string::String;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{DateRange, DateRangeError},
    debug::debug_shows,
    id::AccountId,
    identity::AgeSpan,
    letters::lowered,
    wire::wire_enum,
};

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
///
/// // One that ends before it begins is refused where it is decoded.
/// let reversed = Guardianship { from: Some(day(6, 1)), ..bond };
/// assert!(reversed.validate().is_err());
/// let json = serde_json::to_string(&reversed)?;
/// assert!(serde_json::from_str::<Guardianship>(&json).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", try_from = "Fields")]
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
    /// Whether the adult may not see the child's diary (*доступ ограничен*). The days of the bond
    /// are those of the bar: one that is to hold for good has no last day.
    #[serde(default)]
    pub barred: bool,
}

debug_shows! { Guardianship { parent, child, from, until } }

/// What is decoded, before anybody looked whether its days are in order.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    parent: AccountId,
    child: AccountId,
    kinship: Kinship,
    #[serde(default)]
    legal_representative: Option<bool>,
    #[serde(default)]
    from: Option<NaiveDate>,
    #[serde(default)]
    until: Option<NaiveDate>,
    #[serde(default)]
    barred: bool,
}

impl TryFrom<Fields> for Guardianship {
    type Error = DateRangeError;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { parent, child, kinship, legal_representative, from, until, barred } = fields;
        let bond = Self { parent, child, kinship, legal_representative, from, until, barred };
        bond.validate()?;
        Ok(bond)
    }
}

impl Guardianship {
    /// Checks that the bond does not end before it begins. One that does holds on no day.
    ///
    /// # Errors
    /// [`DateRangeError::Reversed`] names both days.
    pub fn validate(&self) -> Result<(), DateRangeError> {
        match (self.from, self.until) {
            (Some(from), Some(until)) => DateRange::new(from, until).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Whether it holds on this day, barred or not.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it bars the adult on this day or a later one. Such a bond is not taken back: the bar
    /// would go with it, and open what the adult may see in another role. It is written anew
    /// without the bar.
    ///
    /// ```
    /// use eschool_core::people::Guardianship;
    ///
    /// let bond: Guardianship = serde_json::from_str(
    ///     r#"{"parent": "019379ab-0000-7000-8000-000000000002",
    ///         "child": "019379ab-0000-7000-8000-000000000003",
    ///         "kinship": "father", "until": "2025-05-31", "barred": true}"#,
    /// )?;
    /// assert!(bond.still_bars("2025-05-31".parse().unwrap()));
    /// assert!(!bond.still_bars("2025-06-01".parse().unwrap()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn still_bars(&self, day: NaiveDate) -> bool {
        self.barred && self.until.is_none_or(|last| day <= last)
    }

    /// The bond with its end before this day, whatever its days were: how one that was never right,
    /// or is over, is taken back. A bond is never deleted, or nobody would know what its parent's
    /// account was.
    ///
    /// ```
    /// use eschool_core::people::Guardianship;
    ///
    /// let bond: Guardianship = serde_json::from_str(
    ///     r#"{"parent": "019379ab-0000-7000-8000-000000000002",
    ///         "child": "019379ab-0000-7000-8000-000000000003",
    ///         "kinship": "mother", "from": "2024-09-02"}"#,
    /// )?;
    /// let ended = bond.ended_before("2024-09-02".parse().unwrap());
    /// assert!(!ended.holds_on("2024-09-02".parse().unwrap()) && ended.validate().is_ok());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn ended_before(&self, day: NaiveDate) -> Self {
        let last = day.pred_opt().unwrap_or(day);
        let until = self.until.map_or(last, |until| until.min(last));
        Self { from: self.from.map(|from| from.min(until)), until: Some(until), ..self.clone() }
    }

    /// Whether another bond of the two, or none, opens less to the adult than this one: it was
    /// taken away or barred, or begins later or ends earlier. Whoever is signed in by it is to sign
    /// in anew.
    ///
    /// ```
    /// use eschool_core::people::Guardianship;
    ///
    /// let bond: Guardianship = serde_json::from_str(
    ///     r#"{"parent": "019379ab-0000-7000-8000-000000000002",
    ///         "child": "019379ab-0000-7000-8000-000000000003", "kinship": "mother"}"#,
    /// )?;
    /// let barred = Guardianship { barred: true, ..bond.clone() };
    /// assert!(bond.is_narrowed_by(None) && bond.is_narrowed_by(Some(&barred)));
    /// assert!(!barred.is_narrowed_by(Some(&bond)) && !bond.is_narrowed_by(Some(&bond)));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn is_narrowed_by(&self, after: Option<&Self>) -> bool {
        if self.barred {
            return false;
        }
        after.is_none_or(|after| {
            let ends_earlier = match (self.until, after.until) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(before), Some(after)) => after < before,
            };
            after.barred || self.from < after.from || ends_earlier
        })
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
        /// Опекун: of a child below 14.
        Guardian = "guardian",
        /// Попечитель: of a child from 14 on.
        Curator = "curator",
        /// Усыновитель.
        AdoptiveParent = "adoptive_parent",
        /// Приёмный родитель.
        FosterParent = "foster_parent",
        /// Законный представитель, ближе не названный.
        Representative = "representative",
    }
}

impl Kinship {
    /// Reads the cell of a file or a form; what schools write beyond the known words is kept. An
    /// empty cell says nothing, and gives no right to act for the child.
    #[must_use]
    pub fn of_cell(text: &str) -> Self {
        let text = text.trim();
        match lowered(text).replace('ё', "е").as_str() {
            "мать" | "мама" => Self::Mother,
            "отец" | "папа" => Self::Father,
            "опекун" => Self::Guardian,
            "попечитель" => Self::Curator,
            "усыновитель" | "усыновительница" => Self::AdoptiveParent,
            "приемный родитель" => Self::FosterParent,
            "законный представитель" | "представитель" => {
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
            | Self::Curator
            | Self::AdoptiveParent
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
            Self::Curator => "попечитель",
            Self::AdoptiveParent => "усыновитель",
            Self::FosterParent => "приёмный родитель",
            Self::Representative => "законный представитель",
            Self::Unknown(text) if text.is_empty() => "не указано",
            Self::Unknown(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn what_a_school_writes_is_printed_back() {
        for word in [
            "мать",
            "отец",
            "опекун",
            "попечитель",
            "усыновитель",
            "приёмный родитель",
            "законный представитель",
        ] {
            let kinship = Kinship::of_cell(word);
            assert_eq!(kinship.text_ru(), word);
            assert!(kinship.is_known() && kinship.represents(), "{word}");
        }
        assert_eq!(Kinship::of_cell("Усыновительница"), Kinship::AdoptiveParent);
        assert!(!Kinship::of_cell("бабушка").represents());
    }

    #[test]
    fn an_empty_cell_makes_nobody_a_representative() {
        for cell in ["", " ", "\u{a0}"] {
            let kinship = Kinship::of_cell(cell);
            assert!(!kinship.represents(), "{cell:?}");
            assert_eq!(kinship.text_ru(), "не указано");
            assert_eq!(Kinship::from(kinship.as_str()), kinship);
        }
        let bond = |legal_representative| Guardianship {
            parent: AccountId(uuid::Uuid::from_u128(1)),
            child: AccountId(uuid::Uuid::from_u128(2)),
            kinship: Kinship::of_cell(""),
            legal_representative,
            from: None,
            until: None,
            barred: false,
        };
        assert!(!bond(None).is_legal_representative());
        assert!(bond(Some(true)).is_legal_representative());
    }

    #[test]
    fn a_bond_that_ends_before_it_begins_is_refused() {
        let json = |from: &str, until: &str| {
            serde_json::from_value::<Guardianship>(serde_json::json!({
                "parent": "019379ab-0000-7000-8000-000000000002",
                "child": "019379ab-0000-7000-8000-000000000003",
                "kinship": "mother", "from": from, "until": until,
            }))
        };
        assert!(json("2024-09-01", "2024-09-01").is_ok());
        assert!(json("2024-09-01", "2025-05-31").is_ok());
        let error = json("2024-09-02", "2024-09-01").unwrap_err();
        assert!(error.to_string().contains("2024-09-01"), "{error}");
    }
}
