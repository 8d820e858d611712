//! Ages that change what a person may do.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::BirthDate;

/// An age in years and months, as in «14,5 лет».
///
/// It is reached on the birth date moved by that span, clamped to the month's end; **on that day
/// the person already counts as older**.
///
/// It is taken from the wire as it comes: where an age is a rule, the policy
/// [refuses](crate::policy::Rules::validate) more than 11 months and says of which rule.
///
/// ```
/// use eschool_core::identity::{AgeSpan, BirthDate};
///
/// let threshold = AgeSpan { years: 14, months: 6 };
/// for (born, reached) in [("31.08.2010", "2025-02-28"), ("29.02.2012", "2026-08-29")] {
///     let born: BirthDate = born.parse()?;
///     assert_eq!(threshold.reached_on(born).to_string(), reached);
///     assert!(threshold.is_reached(born, threshold.reached_on(born)));
/// }
/// # Ok::<(), eschool_core::identity::DateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgeSpan {
    /// Whole years.
    pub years: u8,
    /// Months beyond them, 0 to 11; more are counted as they are.
    #[serde(default)]
    pub months: u8,
}

impl AgeSpan {
    /// The day on which somebody reaches this age.
    #[must_use]
    pub fn reached_on(self, born: BirthDate) -> NaiveDate {
        let months = u32::from(self.years) * 12 + u32::from(self.months);
        born.date().checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
    }

    /// Whether somebody has reached this age on a day, the day itself included.
    #[must_use]
    pub fn is_reached(self, born: BirthDate, on: NaiveDate) -> bool {
        self.reached_on(born) <= on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_reached_on_its_day_clamped_to_the_month() {
        for (born, years, months, reached) in [
            ("31.08.2010", 14, 6, "2025-02-28"),
            ("29.02.2012", 14, 6, "2026-08-29"),
            ("31.08.2013", 14, 6, "2028-02-29"),
            ("30.03.2010", 14, 6, "2024-09-30"),
            ("29.02.2008", 18, 0, "2026-02-28"),
            ("01.01.2011", 14, 0, "2025-01-01"),
        ] {
            let born: BirthDate = born.parse().unwrap();
            let day = AgeSpan { years, months }.reached_on(born);
            assert_eq!(alloc::format!("{day}"), reached);
            assert!(AgeSpan { years, months }.is_reached(born, day));
            assert!(!AgeSpan { years, months }.is_reached(born, day.pred_opt().unwrap()));
        }
    }
}
