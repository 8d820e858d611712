//! Where a final mark is not what a mean comes to.

use alloc::{format, string::String};

use serde::{Deserialize, Serialize};

use crate::{
    debug::debug_shows,
    journal::{Grading, MarkValue, Mean, Points},
};

/// A final mark that is not what the mean comes to by the school's rules.
///
/// It is no error, for the teacher decides; it is what a class teacher asks about before the term
/// is closed, and a family after.
///
/// ```
/// use eschool_core::{diary::FinalAgainstMean, journal::{Grading, Mean}};
///
/// let (plain, mean) = (Grading::default(), Mean::from_ratio(7, 2).unwrap()); // 3.50
/// assert_eq!(FinalAgainstMean::of(&"4-".parse().unwrap(), mean, &plain), None);
/// let generous = FinalAgainstMean::of(&"5".parse().unwrap(), mean, &plain).unwrap();
/// assert_eq!((generous.mean.get(), generous.is_above()), (4, true));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FinalAgainstMean {
    /// The points of the final mark.
    #[serde(rename = "final")]
    pub final_points: Points,
    /// The points the mean comes to.
    pub mean: Points,
}

impl FinalAgainstMean {
    /// Compares a final mark with a mean: none if they agree or the mark has no points. A sign
    /// beside the final does not count.
    #[must_use]
    pub fn of(value: &MarkValue, mean: Mean, grading: &Grading) -> Option<Self> {
        let (final_points, mean) = (value.points()?, grading.proposed(mean));
        (final_points != mean).then_some(Self { final_points, mean })
    }

    /// The same where there may be neither.
    pub(super) fn of_both(
        value: Option<&MarkValue>,
        mean: Option<Mean>,
        grading: &Grading,
    ) -> Option<Self> {
        Self::of(value?, mean?, grading)
    }

    /// Whether the final mark is the better one.
    #[must_use]
    pub fn is_above(self) -> bool {
        self.final_points > self.mean
    }

    /// What a person reads of a term, in Russian.
    #[must_use]
    pub fn text_ru(self) -> String {
        let (closed, mean) = (self.final_points.get(), self.mean.get());
        format!("за период {closed}, по среднему баллу выходит {mean}")
    }

    /// The same in English.
    ///
    /// ```
    /// use eschool_core::diary::FinalAgainstMean;
    ///
    /// let against: FinalAgainstMean = serde_json::from_str(r#"{"final": 4, "mean": 5}"#).unwrap();
    /// assert_eq!(against.text_ru(), "за период 4, по среднему баллу выходит 5");
    /// assert_eq!(against.text_en(), "4 for the term, the mean comes to 5");
    /// ```
    #[must_use]
    pub fn text_en(self) -> String {
        let (closed, mean) = (self.final_points.get(), self.mean.get());
        format!("{closed} for the term, the mean comes to {mean}")
    }

    /// What a person reads of a year, in Russian.
    ///
    /// ```
    /// use eschool_core::diary::FinalAgainstMean;
    ///
    /// let against: FinalAgainstMean = serde_json::from_str(r#"{"final": 4, "mean": 5}"#).unwrap();
    /// assert_eq!(against.text_of_year_ru(), "годовая 4, по отметкам за периоды выходит 5");
    /// ```
    #[must_use]
    pub fn text_of_year_ru(self) -> String {
        let (year, mean) = (self.final_points.get(), self.mean.get());
        format!("годовая {year}, по отметкам за периоды выходит {mean}")
    }

    /// The same in English.
    ///
    /// ```
    /// use eschool_core::diary::FinalAgainstMean;
    ///
    /// let against: FinalAgainstMean = serde_json::from_str(r#"{"final": 4, "mean": 5}"#).unwrap();
    /// assert_eq!(against.text_of_year_en(), "4 for the year, the terms come to 5");
    /// ```
    #[must_use]
    pub fn text_of_year_en(self) -> String {
        let (year, mean) = (self.final_points.get(), self.mean.get());
        format!("{year} for the year, the terms come to {mean}")
    }
}

debug_shows! {
    FinalAgainstMean {}
}
