//! The weighted mean of marks.

use alloc::{
    format,
    string::{String, ToString},
};
use core::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Points, Weight};
use crate::error::CodedError;

/// The weighted mean of marks (*средневзвешенная отметка*): Σ(weight · points) / Σ weight, kept as
/// an exact ratio in lowest terms.
///
/// It is shown with two decimals, half up (rule 9 of the exchange files). Nothing is rounded
/// before that, so 3.345 shows as 3.35, and two means are equal exactly when their ratios are.
/// A mean is never less than 1 nor greater than 5, for no mark is.
///
/// ```
/// use eschool_core::journal::{Mean, Points, Weight};
///
/// let mark = |points: u8, weight: &str| (Points::try_from(points).unwrap(), weight.parse().unwrap());
/// let mean = Mean::of([mark(5, "3"), mark(4, "5"), mark(3, "1")]).unwrap();
/// assert_eq!((mean.sum(), mean.weights()), (38, 9));
/// assert_eq!(mean.to_string(), "4.22");
/// assert_eq!(mean.rounded().get(), 4);
/// assert!(mean < Mean::of([mark(5, "1")]).unwrap());
/// assert_eq!(Mean::of([]), None);
/// ```
///
/// On the wire it is the ratio and what is shown; what is shown is made anew when it is read.
///
/// ```
/// use eschool_core::journal::Mean;
///
/// let mean: Mean = serde_json::from_str(r#"{"sum": 50, "weights": 12}"#).unwrap();
/// assert_eq!(serde_json::to_string(&mean).unwrap(), r#"{"sum":25,"weights":6,"shown":"4.17"}"#);
/// assert!(serde_json::from_str::<Mean>(r#"{"sum": 5, "weights": 0}"#).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(type = "{ sum: number; weights: number; shown: string }")
)]
pub struct Mean {
    sum: u64,
    weights: u64,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    sum: u64,
    weights: u64,
    #[serde(default)]
    shown: String,
}

/// Why two numbers are no mean.
///
/// ```
/// use eschool_core::{error::CodedError, journal::{Mean, MeanError}};
///
/// let error = Mean::from_ratio(60, 10).unwrap_err();
/// assert_eq!(error, MeanError::OutOfScale { sum: 60, weights: 10 });
/// assert_eq!((error.code(), error.field()), ("mean_out_of_scale", Some("mean")));
/// assert_eq!(error.value().as_deref(), Some("60/10"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MeanError {
    /// The weights are zero, or the ratio is less than 1 or greater than 5.
    #[error("the mean `{sum}/{weights}` is not between 1 and 5")]
    OutOfScale {
        /// The numerator that was given.
        sum: u64,
        /// The denominator that was given.
        weights: u64,
    },
}

impl CodedError for MeanError {
    fn code(&self) -> &'static str {
        "mean_out_of_scale"
    }

    fn text_ru(&self) -> &'static str {
        "Средний балл лежит между 1 и 5"
    }

    fn field(&self) -> Option<&'static str> {
        Some("mean")
    }

    fn value(&self) -> Option<String> {
        let Self::OutOfScale { sum, weights } = self;
        Some(format!("{sum}/{weights}"))
    }
}

impl Mean {
    /// The mean of marks with their weights; none of no marks.
    ///
    /// Debts and words have no points and so never get here (see
    /// [`MarkValue::points`](super::MarkValue::points)); a sign beside the points does not count.
    /// Where a school counts signs, see [`Grading::mean`](super::Grading::mean).
    /// It takes more than 10¹² marks to overflow; those beyond are left out.
    #[must_use]
    pub fn of(marks: impl IntoIterator<Item = (Points, Weight)>) -> Option<Self> {
        let marks = marks.into_iter();
        Self::of_hundredths(marks.map(|(points, weight)| (100 * u16::from(points.get()), weight)))
    }

    /// The mean of what marks count, each from 100 to 500 hundredths, with their weights.
    pub(crate) fn of_hundredths(marks: impl IntoIterator<Item = (u16, Weight)>) -> Option<Self> {
        let (mut sum, mut weights) = (0_u64, 0_u64);
        for (worth, weight) in marks {
            let weight = u64::from(weight.hundredths());
            // The sum is the greater of the two: while it fits, the weights do.
            let Some(more) = sum.checked_add(weight * u64::from(worth)) else { continue };
            sum = more;
            weights += 100 * weight;
        }
        Self::from_ratio(sum, weights).ok()
    }

    /// The mean `sum` / `weights`, whatever their common unit.
    ///
    /// # Errors
    /// [`MeanError::OutOfScale`] if `weights` is zero or the ratio is not between 1 and 5.
    pub const fn from_ratio(sum: u64, weights: u64) -> Result<Self, MeanError> {
        let in_scale = weights <= sum && sum as u128 <= 5 * weights as u128;
        if weights == 0 || !in_scale {
            return Err(MeanError::OutOfScale { sum, weights });
        }
        let divisor = greatest_common_divisor(sum, weights);
        Ok(Self { sum: sum / divisor, weights: weights / divisor })
    }

    /// The numerator: the weighted points, in lowest terms with [`weights`](Self::weights).
    #[must_use]
    pub const fn sum(self) -> u64 {
        self.sum
    }

    /// The denominator: the weights, in lowest terms with [`sum`](Self::sum); never zero.
    #[must_use]
    pub const fn weights(self) -> u64 {
        self.weights
    }

    /// The points the mean comes to when rounded half up: 3.5 is 4, 3.49 is 3.
    ///
    /// What a mean comes to by the plain rules; each school has its own, so a final mark is
    /// proposed by [`Grading::proposed`](super::Grading::proposed).
    #[must_use]
    pub fn rounded(self) -> Points {
        Points::nearest(u8::try_from(self.half_up(1)).unwrap_or(u8::MAX))
    }

    /// The mean in units of 1/`parts`, half up.
    fn half_up(self, parts: u64) -> u128 {
        let (sum, weights) = (u128::from(self.sum), u128::from(self.weights));
        (2 * sum * u128::from(parts) + weights) / (2 * weights)
    }
}

const fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Ord for Mean {
    fn cmp(&self, other: &Self) -> Ordering {
        let mine = u128::from(self.sum) * u128::from(other.weights);
        mine.cmp(&(u128::from(other.sum) * u128::from(self.weights)))
    }
}

impl PartialOrd for Mean {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Two decimals, half up: `4.17`.
impl fmt::Display for Mean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.half_up(100);
        write!(f, "{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

impl TryFrom<Wire> for Mean {
    type Error = MeanError;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        Self::from_ratio(wire.sum, wire.weights)
    }
}

impl From<Mean> for Wire {
    fn from(mean: Mean) -> Self {
        Self { sum: mean.sum, weights: mean.weights, shown: mean.to_string() }
    }
}

#[cfg(test)]
mod tests;
