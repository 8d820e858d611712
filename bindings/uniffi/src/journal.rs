//! Single values of a journal.

use chrono::NaiveDate;
use eschool_core::{
    calendar::DateRange,
    journal::{Grading, MarkValue, Mean, Points, Weight},
    signin::CaseCode,
};

use crate::{Answer, error::answer};

/// Days from one to another, both included.
///
/// Throws `range_reversed`, and `date_invalid` for a day that no calendar has.
#[uniffi::export]
pub fn date_range(from: NaiveDate, to: NaiveDate) -> Answer<DateRange> {
    answer(DateRange::new(from, to))
}

/// The week of a day, Monday to Sunday.
///
/// Throws `date_invalid` for a day that no calendar has.
#[uniffi::export]
pub fn week_of(day: NaiveDate) -> Answer<DateRange> {
    Ok(DateRange::week_of(day))
}

/// A mark as a journal shows it: `5`, `4-`, `зачёт`, `н/а`, `осв`, or `.` for a debt.
///
/// Throws `mark_malformed`.
#[uniffi::export]
pub fn parse_mark(text: &str) -> Answer<MarkValue> {
    answer(text.parse())
}

/// The weight of a work, from 0.01 to 100.
///
/// Throws `weight_invalid`.
#[uniffi::export]
pub fn parse_weight(text: &str) -> Answer<Weight> {
    answer(text.parse())
}

/// A weight of so many hundredths.
///
/// Throws `weight_invalid`.
#[uniffi::export]
pub fn weight(hundredths: u32) -> Answer<Weight> {
    answer(Weight::from_hundredths(hundredths))
}

/// The mean of points by weights.
///
/// Throws `mean_out_of_scale`.
#[uniffi::export]
pub fn mean(sum: u64, weights: u64) -> Answer<Mean> {
    answer(Mean::from_ratio(sum, weights))
}

/// A mean as it is shown: two decimals, half up.
#[uniffi::export]
pub fn mean_shown(mean: Mean) -> Answer<String> {
    Ok(mean.to_string())
}

/// A weight as it is shown: `3`, `1.5`.
#[uniffi::export]
pub fn weight_shown(weight: Weight) -> Answer<String> {
    Ok(weight.to_string())
}

/// The plain rules of assessment: a sign counts nothing, a half is rounded up.
#[uniffi::export]
pub fn plain_grading() -> Answer<Grading> {
    Ok(Grading::default())
}

/// The same rules of assessment, with a sign that counts so many hundredths of a mark.
///
/// Throws `grading_sign`.
#[uniffi::export]
pub fn grading_with_sign(grading: Grading, hundredths: u16) -> Answer<Grading> {
    answer(grading.with_sign(hundredths))
}

/// The same rules of assessment, with a mark proposed from a mean of so many hundredths on.
///
/// Throws `grading_threshold`, and `mark_malformed` for points that are not 1 to 5.
#[uniffi::export]
pub fn grading_with_threshold(
    grading: Grading,
    points: Points,
    hundredths: u16,
) -> Answer<Grading> {
    answer(grading.with_threshold(points, hundredths))
}

/// The same rules of assessment, in the pupil's favour or not: whether the mean that is shown
/// decides, not the exact one.
#[uniffi::export]
pub fn grading_with_favour(grading: Grading, in_favour: bool) -> Answer<Grading> {
    Ok(grading.with_favour(in_favour))
}

/// The final mark that a mean comes to.
#[uniffi::export]
pub fn proposed_final(grading: Grading, mean: Mean) -> Answer<Points> {
    Ok(grading.proposed(mean))
}

/// A case code as it was read out: case, hyphen and look-alike letters do not matter.
///
/// Throws `case_code_malformed`.
#[uniffi::export]
pub fn parse_case_code(text: &str) -> Answer<CaseCode> {
    answer(CaseCode::parse(text))
}
