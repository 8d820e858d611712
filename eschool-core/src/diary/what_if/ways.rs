//! The shortest ways from a mean to a target.

use alloc::{vec, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    debug::debug_shows,
    diary::SubjectSummary,
    journal::{Mean, Points, Weight, WorkKind},
    wire::wire_enum,
};

/// The most marks a way has: more than these nobody is given for one kind of work in a term.
pub const MARKS_AT_MOST: u32 = 20;

/// A kind of work that may be marked before the term ends, with the weight of its marks.
///
/// ```
/// use eschool_core::diary::WorkToCome;
///
/// let work: WorkToCome =
///     serde_json::from_str(r#"{"kind": "Контрольная работа", "weight": "5"}"#).unwrap();
/// assert_eq!(work.kind.to_string(), "Контрольная работа");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct WorkToCome {
    /// What kind of work.
    pub kind: WorkKind,
    /// How much its marks count.
    pub weight: Weight,
}

/// What can be said of a target, and the ways to it.
///
/// ```
/// use eschool_core::diary::{TargetVerdict, Ways};
///
/// let ways: Ways = serde_json::from_str(r#"{"verdict": "reached", "ways": []}"#).unwrap();
/// assert_eq!(ways.verdict, TargetVerdict::Reached);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Ways {
    /// Whether there is a way.
    pub verdict: TargetVerdict,
    /// The ways, the shortest first; empty unless the target is reachable.
    pub ways: Vec<Way>,
}

wire_enum! {
    /// What can be said of a target.
    ///
    /// ```
    /// use eschool_core::diary::TargetVerdict;
    ///
    /// assert_eq!(TargetVerdict::AboveScale.text_ru(), "Средний балл не бывает выше 5");
    /// ```
    pub enum TargetVerdict {
        /// The mean is there already.
        Reached = "reached",
        /// There are ways to it.
        Reachable = "reachable",
        /// It is above 5, and no mark is.
        AboveScale = "above_scale",
        /// No number of marks leads to it: the target is 5 and a lesser mark stands, or no work
        /// is to come.
        Never = "never",
        /// It takes more than [`MARKS_AT_MOST`] marks.
        TooFar = "too_far",
    }
}

/// One way to a target: some marks for one kind of work.
///
/// ```
/// use eschool_core::diary::Way;
///
/// let way: Way = serde_json::from_str(r#"{
///     "marks": [{"points": 5, "count": 1}, {"points": 4, "count": 2}],
///     "kind": "Домашняя работа", "weight": "1", "mean": {"sum": 9, "weights": 2}
/// }"#).unwrap();
/// assert_eq!(way.count(), 3);
/// assert_eq!(way.text_ru(), "ещё одна пятёрка и две четвёрки за домашнюю работу");
/// assert_eq!(way.text_en(), "one more five and two fours for «Домашняя работа»");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Way {
    /// The marks, the best first.
    pub marks: Vec<WayMarks>,
    /// The kind of work they are for.
    pub kind: WorkKind,
    /// How much each counts.
    pub weight: Weight,
    /// The mean they lead to.
    pub mean: Mean,
}

/// How many equal marks.
///
/// ```
/// use eschool_core::diary::WayMarks;
///
/// let fives: WayMarks = serde_json::from_str(r#"{"points": 5, "count": 2}"#).unwrap();
/// assert_eq!(fives.points.get(), 5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct WayMarks {
    /// Which marks.
    pub points: Points,
    /// How many.
    pub count: u32,
}

impl Way {
    /// How many marks it takes.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.marks.iter().fold(0, |all, marks| all.saturating_add(marks.count))
    }

    /// The points of its marks together.
    fn points(&self) -> u32 {
        self.marks.iter().map(|marks| u32::from(marks.points.get()) * marks.count).sum()
    }
}

/// The shortest ways from where a subject stands to a mean of `target` hundredths (450 is 4.50).
///
/// # What is reached
///
/// The target is reached when the exact mean is not less than it: 4.495 is shown as 4.50 and is
/// less than 4.50, unless the school's rules are in the pupil's favour
/// ([`Grading::reaches`](crate::journal::Grading::reaches)). From which mean a school gives a five
/// is the school's rule as well: `subject.grading.threshold(five)` is the target for it, 450 where
/// halves go up, 460 where they must be earned. Signs of the marks there are count as
/// `subject.grading` says; the marks of a way have none.
///
/// # Which ways
///
/// A way is so many marks for one of the `works`. For each work there is the way with the fewest
/// marks; where it needs a five, also the fewest marks none of which is a five, then none of which
/// is a four, and so on. The marks of a way are the least that do, evenly spread: a five and a
/// four, if two fives are more than needed. Ways stand by the number of marks, then the weaker
/// marks first, then in the order of `works`; no mixture of works is shorter than the first.
/// Name a kind of work once, for a text tells it by its name.
///
/// ```
/// use eschool_core::diary::{SubjectSummary, ways_to, works_met};
///
/// let physics: SubjectSummary = serde_json::from_str(r#"{
///     "subject": "Физика", "topics": [], "homework": [], "finals": [],
///     "marks": [{
///         "date": "2024-09-16", "id": "019379ab-0000-7000-8000-000000000301", "value": "4",
///         "work": "Контрольная работа", "title": "Контрольная работа № 1", "weight": "5"
///     }, {
///         "date": "2024-09-17", "id": "019379ab-0000-7000-8000-000000000302", "value": "4",
///         "work": "Контрольная работа", "title": "Контрольная работа № 2", "weight": "5"
///     }],
///     "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0},
///     "debts": 0, "unfilled": 0, "lessons": 14
/// }"#).unwrap();
///
/// let ways = ways_to(&physics, 450, &works_met(&physics));
/// assert_eq!(ways.ways[0].text_ru(), "ещё две пятёрки за контрольную");
/// assert_eq!(ways.ways[0].mean.to_string(), "4.50");
/// assert_eq!(ways_to(&physics, 500, &works_met(&physics)).verdict.as_str(), "never");
/// ```
#[must_use]
pub fn ways_to(subject: &SubjectSummary, target: u32, works: &[WorkToCome]) -> Ways {
    let start = Start::of(subject, target);
    let mut ways: Vec<Way> = Vec::new();
    let verdict = if target > 500 {
        TargetVerdict::AboveScale
    } else if start.is_reached() {
        TargetVerdict::Reached
    } else {
        for work in works {
            let mut shortest: Vec<Way> = Vec::new();
            for best in (1..=5).rev() {
                let way = start.way(work, best);
                shortest.extend(way.filter(|way| !shortest.contains(way)));
            }
            ways.append(&mut shortest);
        }
        ways.sort_by_key(|way| (way.count(), way.points()));
        let never = works.is_empty() || start.least >= 5 * UNIT;
        match (ways.is_empty(), never) {
            (false, _) => TargetVerdict::Reachable,
            (true, true) => TargetVerdict::Never,
            (true, false) => TargetVerdict::TooFar,
        }
    };
    Ways { verdict, ways }
}

/// One point, in ten-thousandths: what targets are reckoned in.
const UNIT: u128 = 10_000;

/// Where a way begins: the weighed points in ten-thousandths, the weights they are of, and the least
/// mean that reaches the target, in ten-thousandths.
struct Start {
    sum: u128,
    weights: u128,
    least: u128,
}

impl Start {
    fn of(subject: &SubjectSummary, target: u32) -> Self {
        let mut start = Self { sum: 0, weights: 0, least: subject.grading.least(target) };
        for mark in subject.marks.iter().map(|marked| &marked.mark) {
            let Some(worth) = subject.grading.worth(&mark.value) else { continue };
            let weight = u128::from(mark.weight.hundredths());
            start.sum += UNIT / 100 * u128::from(worth) * weight;
            start.weights += weight;
        }
        start
    }

    fn is_reached(&self) -> bool {
        self.weights > 0 && self.sum >= self.least * self.weights
    }

    /// The way of fewest marks for a work none of which is better than `best`.
    fn way(&self, work: &WorkToCome, best: u32) -> Option<Way> {
        let weight = u128::from(work.weight.hundredths());
        (1..=MARKS_AT_MOST).find_map(|count| {
            // Solved for the points: (sum + weight · points) / (weights + weight · count) ≥ least.
            let weights = self.weights + weight * u128::from(count);
            let lacking = (self.least * weights).saturating_sub(self.sum);
            let points = lacking.div_ceil(UNIT * weight).max(count.into());
            let points = u32::try_from(points).ok().filter(|points| *points <= best * count)?;
            let sum = self.sum + UNIT * weight * u128::from(points);
            let (sum, weights) = (u64::try_from(sum).ok()?, u64::try_from(UNIT * weights).ok()?);
            Some(Way {
                marks: evenly(points, count)?,
                kind: work.kind.clone(),
                weight: work.weight,
                mean: Mean::from_ratio(sum, weights).ok()?,
            })
        })
    }
}

/// So many points over so many marks, the marks as equal as can be.
fn evenly(points: u32, count: u32) -> Option<Vec<WayMarks>> {
    let (each, better) = (points.checked_div(count)?, points.checked_rem(count)?);
    let marks = |points: u32, count| {
        let points = Points::try_from(u8::try_from(points).ok()?).ok()?;
        Some(WayMarks { points, count })
    };
    match better {
        0 => Some(vec![marks(each, count)?]),
        _ => Some(vec![marks(each + 1, better)?, marks(each, count - better)?]),
    }
}

debug_shows! {
    Way { kind, weight }
}
