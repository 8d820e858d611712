//! A school's own rules of assessment: what a sign counts, and which final a mean comes to.

use alloc::string::{String, ToString as _};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{MarkValue, Mean, Points, Weight};
use crate::error::CodedError;

/// How a school counts marks and rounds means (*положение о системе оценивания*).
///
/// No federal rule exists, so each school writes its own. The plain rules are the default: a sign
/// counts nothing and halves go up. Whatever the rules, a mean stays an exact ratio; they say what
/// goes into it and what it comes to.
///
/// # Signs
///
/// With a sign of 30 a 4+ counts as 4.30 and a 4− as 3.70. No mark counts beyond the scale: 5+
/// counts as 5 and 1− as 1.
///
/// # Thresholds
///
/// From which mean a mark is proposed: a 5 from 4.60, where 4.50 is not enough. A mark's threshold
/// lies above the mark below it and not above the mark itself, so thresholds always grow.
///
/// # In the pupil's favour
///
/// A family reads a mean with two decimals: 4.495 stands there as 4.50. In the pupil's favour
/// (*в пользу ученика*) what is read decides; else the exact mean does.
///
/// ```
/// use eschool_core::journal::{Grading, MarkValue, Mean, Points, Weight};
///
/// let five = Points::try_from(5).unwrap();
/// let ours = Grading::default().with_sign(30).unwrap().with_threshold(five, 460).unwrap();
///
/// let marks = ["5", "4+", "4-"].map(|mark| mark.parse::<MarkValue>().unwrap());
/// let mean = |grading: Grading| grading.mean(marks.iter().map(|mark| (mark, Weight::ONE))).unwrap();
/// assert_eq!(mean(Grading::default()).to_string(), "4.33"); // 13 : 3
/// assert_eq!(mean(ours).to_string(), "4.33"); // 4.30 and 3.70
///
/// let half = Mean::from_ratio(9, 2).unwrap(); // 4.50
/// assert_eq!(Grading::default().proposed(half).get(), 5);
/// assert_eq!(ours.proposed(half).get(), 4);
/// ```
///
/// On the wire what is absent is plain; thresholds and signs are hundredths.
///
/// ```
/// use eschool_core::journal::Grading;
///
/// let ours: Grading = serde_json::from_str(r#"{"thresholds": {"5": 460}}"#).unwrap();
/// assert_eq!(
///     serde_json::to_string(&ours).unwrap(),
///     r#"{"sign":0,"thresholds":{"2":150,"3":250,"4":350,"5":460},"inFavour":false}"#,
/// );
/// let error = serde_json::from_str::<Grading>(r#"{"thresholds": {"5": 400}}"#).unwrap_err();
/// assert!(error.to_string().contains("`thresholds.5` is `400`"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(
        type = "{ sign?: number; thresholds?: { 2?: number; 3?: number; 4?: number; 5?: number }; inFavour?: boolean }"
    )
)]
pub struct Grading {
    sign: u16,
    thresholds: Thresholds,
    in_favour: bool,
}

/// The least mean in hundredths for each mark; for a 1 there is none, it is what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
struct Thresholds {
    #[serde(rename = "2")]
    two: u16,
    #[serde(rename = "3")]
    three: u16,
    #[serde(rename = "4")]
    four: u16,
    #[serde(rename = "5")]
    five: u16,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { two: 150, three: 250, four: 350, five: 450 }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(default)]
    sign: u16,
    #[serde(default)]
    thresholds: Thresholds,
    #[serde(default)]
    in_favour: bool,
}

/// Why rules of assessment are refused, by the rule's name and its value.
///
/// ```
/// use eschool_core::{error::CodedError, journal::{Grading, GradingError}};
///
/// let error = Grading::default().with_sign(50).unwrap_err();
/// assert_eq!((error, error.code()), (GradingError::Sign { value: 50 }, "grading_sign"));
/// assert_eq!((error.field(), error.value().as_deref()), (Some("sign"), Some("50")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum GradingError {
    /// A sign counts half a mark or more: a 4+ would be no less than a 5−.
    #[error("the rule `sign` is `{value}`; a sign counts from 0 to 49 hundredths of a mark")]
    Sign {
        /// What was given, in hundredths.
        value: u16,
    },
    /// A threshold is not above the mark below or is above its own mark.
    #[error(
        "the rule `{}` is `{value}`; from which mean a mark is given lies above the mark below it \
         and not above the mark, in hundredths", threshold_field(*points)
    )]
    Threshold {
        /// Whose threshold, 2 to 5; 1 has none.
        points: u8,
        /// What was given, in hundredths.
        value: u16,
    },
}

const fn threshold_field(points: u8) -> &'static str {
    match points {
        1 => "thresholds.1",
        2 => "thresholds.2",
        3 => "thresholds.3",
        4 => "thresholds.4",
        _ => "thresholds.5",
    }
}

impl CodedError for GradingError {
    fn code(&self) -> &'static str {
        match self {
            Self::Sign { .. } => "grading_sign",
            Self::Threshold { .. } => "grading_threshold",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Sign { .. } => "Плюс и минус меняют отметку меньше чем на половину: от 0 до 0,49",
            Self::Threshold { .. } => {
                "Порог отметки выше предыдущей отметки и не выше её самой: для пятёрки – больше 4 и \
                 не больше 5"
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Sign { .. } => "sign",
            Self::Threshold { points, .. } => threshold_field(*points),
        })
    }

    fn value(&self) -> Option<String> {
        let (Self::Sign { value } | Self::Threshold { value, .. }) = self;
        Some(value.to_string())
    }
}

impl Grading {
    /// The same rules, with a sign that counts so many hundredths of a mark.
    ///
    /// # Errors
    /// [`GradingError::Sign`] from 50 on.
    pub const fn with_sign(self, hundredths: u16) -> Result<Self, GradingError> {
        if hundredths < 50 {
            Ok(Self { sign: hundredths, ..self })
        } else {
            Err(GradingError::Sign { value: hundredths })
        }
    }

    /// The same rules, with these points proposed from a mean of so many hundredths on.
    ///
    /// # Errors
    /// [`GradingError::Threshold`] unless it lies above the mark below and not above the mark; for
    /// 1 always, for it is what is left below the 2.
    pub fn with_threshold(mut self, points: Points, hundredths: u16) -> Result<Self, GradingError> {
        let points = points.get();
        let (below, mark) = (100 * u16::from(points - 1), 100 * u16::from(points));
        let place = match points {
            2 => Some(&mut self.thresholds.two),
            3 => Some(&mut self.thresholds.three),
            4 => Some(&mut self.thresholds.four),
            5 => Some(&mut self.thresholds.five),
            _ => None,
        };
        match place.filter(|_| below < hundredths && hundredths <= mark) {
            Some(place) => *place = hundredths,
            None => return Err(GradingError::Threshold { points, value: hundredths }),
        }
        Ok(self)
    }

    /// The same rules, in the pupil's favour or not.
    #[must_use]
    pub const fn with_favour(self, in_favour: bool) -> Self {
        Self { in_favour, ..self }
    }

    /// How much a sign counts, in hundredths of a mark.
    #[must_use]
    pub const fn sign(&self) -> u16 {
        self.sign
    }

    /// From which mean these points are proposed, in hundredths; 100 for a 1.
    #[must_use]
    pub const fn threshold(&self, points: Points) -> u16 {
        match points.get() {
            2 => self.thresholds.two,
            3 => self.thresholds.three,
            4 => self.thresholds.four,
            5 => self.thresholds.five,
            _ => 100,
        }
    }

    /// Whether the mean that is shown decides, not the exact one.
    #[must_use]
    pub const fn is_in_favour(&self) -> bool {
        self.in_favour
    }

    /// Whether these are the plain rules.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// What a mark counts in a mean, in hundredths, 100 to 500; none for debts and words.
    ///
    /// ```
    /// use eschool_core::journal::{Grading, MarkValue};
    ///
    /// let ours = Grading::default().with_sign(30).unwrap();
    /// let worth = |mark: &str| ours.worth(&mark.parse().unwrap());
    /// assert_eq!(["4", "4+", "4-", "5+"].map(worth), [Some(400), Some(430), Some(370), Some(500)]);
    /// assert_eq!([".", "зачёт", "н/а"].map(worth), [None; 3]);
    /// ```
    #[must_use]
    pub fn worth(&self, value: &MarkValue) -> Option<u16> {
        use super::Sign;

        let MarkValue::Points(points, sign) = value else { return None };
        let plain = 100 * u16::from(points.get());
        let worth = match sign {
            None => plain,
            Some(Sign::Plus) => plain + self.sign,
            Some(Sign::Minus) => plain - self.sign,
        };
        Some(worth.clamp(100, 500))
    }

    /// The weighted mean of marks, exact; none if no mark counts.
    #[must_use]
    pub fn mean<'a>(
        &self,
        marks: impl IntoIterator<Item = (&'a MarkValue, Weight)>,
    ) -> Option<Mean> {
        let counted = marks.into_iter();
        Mean::of_hundredths(counted.filter_map(|(mark, weight)| Some((self.worth(mark)?, weight))))
    }

    /// Whether a mean is not less than so many hundredths: the exact one or, in the pupil's favour,
    /// the one that is shown.
    ///
    /// ```
    /// use eschool_core::journal::{Grading, Mean};
    ///
    /// let mean = Mean::from_ratio(899, 200).unwrap(); // 4.495, shown as 4.50
    /// assert!(!Grading::default().reaches(mean, 450));
    /// assert!(Grading::default().with_favour(true).reaches(mean, 450));
    /// ```
    #[must_use]
    pub fn reaches(&self, mean: Mean, hundredths: u16) -> bool {
        let (sum, weights) = (u128::from(mean.sum()), u128::from(mean.weights()));
        sum * 10_000 >= self.least(hundredths.into()) * weights
    }

    /// The least exact mean that reaches so many hundredths, in ten-thousandths: 4.495 is shown as
    /// 4.50.
    pub(crate) const fn least(&self, hundredths: u32) -> u128 {
        let exact = 100 * hundredths as u128;
        if self.in_favour { exact.saturating_sub(50) } else { exact }
    }

    /// The final mark a mean comes to: the best whose threshold it reaches. A proposal, for the
    /// teacher decides.
    #[must_use]
    pub fn proposed(&self, mean: Mean) -> Points {
        let scale = (2..=5).rev().map(Points::nearest);
        let mut reached = scale.filter(|points| self.reaches(mean, self.threshold(*points)));
        reached.next().unwrap_or(Points::nearest(1))
    }
}

impl TryFrom<Wire> for Grading {
    type Error = GradingError;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let Thresholds { two, three, four, five } = wire.thresholds;
        let rules = Self::default().with_favour(wire.in_favour).with_sign(wire.sign)?;
        [(2, two), (3, three), (4, four), (5, five)]
            .into_iter()
            .try_fold(rules, |rules, (points, hundredths)| {
                rules.with_threshold(Points::nearest(points), hundredths)
            })
    }
}

impl From<Grading> for Wire {
    fn from(Grading { sign, thresholds, in_favour }: Grading) -> Self {
        Self { sign, thresholds, in_favour }
    }
}

#[cfg(test)]
mod tests;
