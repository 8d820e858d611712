//! What moving a pupil makes of the times in classes.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use thiserror::Error;

use super::{Stay, SubgroupMembership, last_day_of, stay_on};
use crate::{
    calendar::school_year,
    error::CodedError,
    id::{AccountId, ClassId},
};

/// What becomes of one pupil's times in classes and their parts.
///
/// ```
/// use eschool_core::journal::Enrolment;
///
/// assert!(Enrolment::default().stays.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enrolment {
    /// Stays to write: those that end, with their last day, and the new one.
    pub stays: Vec<Stay>,
    /// Stays to take away: they would have begun on the day of the move.
    pub removed_stays: Vec<Stay>,
    /// Memberships to write, with their last day.
    pub subgroups: Vec<SubgroupMembership>,
    /// Memberships to take away: they would have begun on that day or later.
    pub removed_subgroups: Vec<SubgroupMembership>,
}

/// Why a pupil is not moved.
///
/// ```
/// use eschool_core::{error::CodedError, journal::EnrolmentError};
///
/// assert_eq!(EnrolmentError::NotAPupil.code(), "not_a_pupil");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EnrolmentError {
    /// The pupil was never in a class, or has left before that day.
    #[error("the pupil is in no class of the school by that day")]
    NotAPupil,
    /// The pupil is in the class on that day.
    #[error("the pupil is in that class by that day")]
    AlreadyThere,
    /// The class is of another school year than that day.
    #[error("the class is of another school year than that day")]
    OtherYear,
    /// The pupil comes into a class on a later day.
    #[error(
        "the pupil comes into a class on `{from}`, after that day; name that day or a later one"
    )]
    MovedLater {
        /// The first day of the last stay.
        from: NaiveDate,
    },
    /// The pupil comes to a third school on that day or later.
    #[error("the pupil comes to another school on `{from}`, handed over there before")]
    HandedOver {
        /// The first day there.
        from: NaiveDate,
    },
}

impl CodedError for EnrolmentError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAPupil => "not_a_pupil",
            Self::AlreadyThere => "already_in_class",
            Self::OtherYear => "class_of_other_year",
            Self::MovedLater { .. } => "moved_later",
            Self::HandedOver { .. } => "handed_over",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::NotAPupil => "К этому дню ученик не числится ни в одном классе школы",
            Self::AlreadyThere => "К этому дню ученик уже числится в этом классе",
            Self::OtherYear => "Этот класс относится к другому учебному году, чем указанный день",
            Self::MovedLater { .. } => {
                "Ученик приходит в класс позже этого дня: укажите тот день или более поздний"
            }
            Self::HandedOver { .. } => {
                "Ученика уже перевели в другую школу: дальше переводите его оттуда"
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("from")
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::MovedLater { from } | Self::HandedOver { from } => {
                Some(alloc::string::ToString::to_string(from))
            }
            Self::NotAPupil | Self::AlreadyThere | Self::OtherYear => None,
        }
    }
}

/// A pupil comes into another class of the school on a day (*перевод в другой класс*).
///
/// The stay that holds ends on the day before, and so do the memberships in parts of the class that
/// is left: into which part of the new class the pupil comes, the school says anew. What was to
/// begin on the very day gives way; what begins later is not guessed about. The class comes with
/// the year its school year began in, which must be that of the day. What stands in the
/// journal of the former class stays there, also of days that a move in the past takes from it. Who
/// has left the school may come back so. Neither stays nor memberships may be of another pupil.
///
/// ```
/// use eschool_core::journal::{Stay, move_pupil};
///
/// let stays: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01"}
/// ]"#)?;
/// let (class, from) = ("019379ab-0000-7000-8000-0000000000c8".parse().unwrap(), "2024-10-11");
/// let moved = move_pupil(&stays, &[], (class, 2024), from.parse().unwrap())?;
/// let [former, next] = &moved.stays[..] else { panic!("two stays") };
/// assert_eq!(former.to, "2024-10-10".parse().ok());
/// assert_eq!((next.class, next.from.to_string().as_str(), next.to), (class, from, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`EnrolmentError`] names what speaks against it.
pub fn move_pupil(
    stays: &[Stay],
    subgroups: &[SubgroupMembership],
    to: (ClassId, i32),
    from: NaiveDate,
) -> Result<Enrolment, EnrolmentError> {
    let pupil = stays.first().ok_or(EnrolmentError::NotAPupil)?.pupil;
    enrol(pupil, stays, subgroups, to, from)
}

/// A pupil comes into a class on a day, from another school or from nowhere (*зачисление*). Of who
/// was here before, it is a [move](move_pupil).
///
/// ```
/// use eschool_core::journal::{EnrolmentError, enrol};
///
/// let pupil = "019379ab-0000-7000-8000-000000000001".parse()?;
/// let class = "019379ab-0000-7000-8000-0000000000c8".parse()?;
/// let from = "2024-10-11".parse().unwrap();
/// assert_eq!(enrol(pupil, &[], &[], (class, 2024), from).unwrap().stays[0].from, from);
/// let wrong = enrol(pupil, &[], &[], (class, 2023), from);
/// assert_eq!(wrong, Err(EnrolmentError::OtherYear));
/// # Ok::<(), eschool_core::id::IdError>(())
/// ```
///
/// # Errors
/// [`EnrolmentError`] names what speaks against it.
pub fn enrol(
    pupil: AccountId,
    stays: &[Stay],
    subgroups: &[SubgroupMembership],
    (to, year): (ClassId, i32),
    from: NaiveDate,
) -> Result<Enrolment, EnrolmentError> {
    if school_year(from) != year {
        return Err(EnrolmentError::OtherYear);
    }
    if stays.iter().any(|stay| stay.class == to && stay.holds_on(from)) {
        return Err(EnrolmentError::AlreadyThere);
    }
    let mut enrolment = ended(stays, subgroups, from)?;
    enrolment.stays.push(Stay { pupil, class: to, from, to: None });
    Ok(enrolment)
}

/// A pupil leaves the school on a day: the first on which the pupil is not there any more
/// (*выбытие*). Stays and memberships end as in [`move_pupil`].
///
/// ```
/// use eschool_core::journal::{EnrolmentError, Stay, leave_school};
///
/// let stays: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01"}
/// ]"#)?;
/// let left = leave_school(&stays, &[], "2024-10-11".parse().unwrap())?;
/// assert_eq!(left.stays[0].to, "2024-10-10".parse().ok());
/// let again = leave_school(&left.stays, &[], "2024-10-12".parse().unwrap());
/// assert_eq!(again, Err(EnrolmentError::NotAPupil));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`EnrolmentError`] names what speaks against it.
pub fn leave_school(
    stays: &[Stay],
    subgroups: &[SubgroupMembership],
    from: NaiveDate,
) -> Result<Enrolment, EnrolmentError> {
    let is_there =
        |stay: &Stay| stay.to.is_none_or(|to| from.pred_opt().is_none_or(|day| day <= to));
    if !stays.iter().any(is_there) {
        return Err(EnrolmentError::NotAPupil);
    }
    ended(stays, subgroups, from)
}

/// Whether a pupil may still be handed over from one school to another on a day, by the stays in
/// every third one: whoever comes there on that day or later was handed over before, and would be a
/// pupil of both. Who is in a third school since before is of two schools already, and may change
/// one of them.
///
/// ```
/// use eschool_core::journal::{EnrolmentError, Stay, not_handed_over};
///
/// let third: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-10-11"}
/// ]"#)?;
/// let (from, next) = (third[0].from, "2024-10-12".parse().unwrap());
/// assert_eq!(not_handed_over(&third, from), Err(EnrolmentError::HandedOver { from }));
/// assert_eq!(not_handed_over(&third, next), Ok(()));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// [`EnrolmentError::HandedOver`] with the first such day.
pub fn not_handed_over(elsewhere: &[Stay], on: NaiveDate) -> Result<(), EnrolmentError> {
    let days = elsewhere.iter().map(|stay| stay.from);
    let first = days.filter(|from| on <= *from).min();
    first.map_or(Ok(()), |from| Err(EnrolmentError::HandedOver { from }))
}

fn ended(
    stays: &[Stay],
    subgroups: &[SubgroupMembership],
    from: NaiveDate,
) -> Result<Enrolment, EnrolmentError> {
    if let Some(later) = stays.iter().map(|stay| stay.from).filter(|day| *day > from).max() {
        return Err(EnrolmentError::MovedLater { from: later });
    }
    let last = from.pred_opt();
    let mut enrolment = Enrolment::default();
    for stay in stays.iter().filter(|stay| stay.holds_on(from)) {
        if stay.from < from {
            enrolment.stays.push(Stay { to: last, ..*stay });
        } else {
            enrolment.removed_stays.push(*stay);
        }
    }
    for part in subgroups.iter().filter(|part| part.to.is_none_or(|to| from <= to)) {
        if part.from < from {
            enrolment.subgroups.push(SubgroupMembership { to: last, ..part.clone() });
        } else {
            enrolment.removed_subgroups.push(part.clone());
        }
    }
    Ok(enrolment)
}

/// Whether a pupil came from another school, whose journal of a school year is part of the one here:
/// whether the stays there were over when the one here began by which the pupil is known on a day,
/// and no stay there was at the time of one here. Of who is or was in two schools at once neither is
/// told what the other wrote, whatever class the pupil goes to then; and of a year in which the
/// pupil was in none of the classes here (`of_year`), the school is told nothing.
///
/// ```
/// use eschool_core::journal::{Stay, came_from};
///
/// let stay = |pupil: u8, from: &str, to: Option<&str>| -> [Stay; 1] {
///     serde_json::from_value(serde_json::json!([{
///         "pupil": format!("019379ab-0000-7000-8000-00000000000{pupil}"),
///         "class": "019379ab-0000-7000-8000-0000000000c7", "from": from, "to": to,
///     }])).unwrap()
/// };
/// let there = stay(1, "2024-09-01", Some("2024-10-10"));
/// let here = stay(2, "2024-10-11", None);
/// let (today, classes) = ("2024-12-01".parse().unwrap(), [here[0].class]);
/// let came = |here: &[Stay], there: &[Stay]| came_from(here, there, &classes, today);
/// assert!(came(&here, &there) && !came(&there, &here));
/// assert!(!came(&stay(2, "2024-10-10", None), &there));
/// let both = [stay(2, "2024-09-01", Some("2024-10-10")), stay(2, "2024-10-11", None)].concat();
/// assert!(!came(&both, &there), "a mere change of class");
/// assert!(!came_from(&here, &there, &[], today), "of a year before");
/// ```
#[must_use]
pub fn came_from(here: &[Stay], there: &[Stay], of_year: &[ClassId], today: NaiveDate) -> bool {
    if !here.iter().any(|stay| of_year.contains(&stay.class)) {
        return false;
    }
    let starts_by_the_end = |one: &Stay, other: &Stay| other.to.is_none_or(|to| one.from <= to);
    let overlap =
        |one: &Stay, other: &Stay| starts_by_the_end(one, other) && starts_by_the_end(other, one);
    match (stay_on(here, today), last_day_of(there)) {
        (Some(stay), Some(last)) => {
            last < stay.from && !here.iter().any(|one| there.iter().any(|two| overlap(one, two)))
        }
        _ => false,
    }
}

/// Whether what a school keeps of a pupil who has left is part of a year that another one reads: the
/// pupil was there in the school year that runs, and the same person has an open account elsewhere.
/// Such an account is kept, whatever days a policy keeps closed ones: without it the year in both
/// schools would lose its first part.
///
/// ```
/// use eschool_core::journal::{Stay, is_read_elsewhere};
///
/// let stays: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01", "to": "2024-10-10"}
/// ]"#)?;
/// let on = |day: &str, is_open| is_read_elsewhere(&stays, is_open, day.parse().unwrap());
/// assert!(on("2025-05-31", true) && !on("2025-05-31", false));
/// assert!(!on("2025-09-01", true), "another year runs");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn is_read_elsewhere(stays: &[Stay], is_open_elsewhere: bool, today: NaiveDate) -> bool {
    let year = school_year(today);
    let is_of_year = |stay: &Stay| {
        school_year(stay.from) <= year && stay.to.is_none_or(|to| year <= school_year(to))
    };
    is_open_elsewhere && stays.iter().any(is_of_year)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use uuid::Uuid;

    use super::*;
    use crate::{id::AccountId, journal::Subgroup};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn class(n: u128) -> ClassId {
        ClassId(Uuid::from_u128(n))
    }

    fn stay(n: u128, from: &str, to: &str) -> Stay {
        let pupil = AccountId(Uuid::from_u128(1));
        Stay { pupil, class: class(n), from: day(from), to: to.parse().ok() }
    }

    fn part(n: u128, from: &str, to: &str) -> SubgroupMembership {
        let Stay { pupil, class, from, to } = stay(n, from, to);
        SubgroupMembership { pupil, class, subject: None, subgroup: Subgroup("1".into()), from, to }
    }

    #[test]
    fn what_holds_ends_on_the_day_before_and_what_would_begin_gives_way() {
        let stays = [stay(1, "2024-09-01", "2024-09-10"), stay(2, "2024-09-11", "")];
        let parts = [
            part(1, "2024-09-01", "2024-09-10"),
            part(2, "2024-09-11", ""),
            part(2, "2024-10-01", "2024-12-31"),
            part(2, "2024-10-11", ""),
        ];
        let moved = move_pupil(&stays, &parts, (class(3), 2024), day("2024-10-11")).unwrap();
        assert_eq!(
            moved.stays,
            [stay(2, "2024-09-11", "2024-10-10"), stay(3, "2024-10-11", "")],
            "what was over is left alone"
        );
        assert_eq!(moved.removed_stays, []);
        assert_eq!(
            moved.subgroups,
            [part(2, "2024-09-11", "2024-10-10"), part(2, "2024-10-01", "2024-10-10")]
        );
        assert_eq!(moved.removed_subgroups, [part(2, "2024-10-11", "")]);

        let at_once = move_pupil(&stays[1..], &[], (class(3), 2024), day("2024-09-11")).unwrap();
        assert_eq!(at_once.removed_stays, stays[1..]);
        assert_eq!(at_once.stays, [stay(3, "2024-09-11", "")]);
    }

    #[test]
    fn who_left_may_come_back_and_nobody_is_moved_before_a_later_move() {
        let left = [stay(1, "2024-09-01", "2024-10-10")];
        let back = move_pupil(&left, &[], (class(1), 2024), day("2024-11-05")).unwrap();
        assert_eq!(back.stays, [stay(1, "2024-11-05", "")]);
        for (stays, to, from, error) in [
            (vec![], 2, "2024-10-11", EnrolmentError::NotAPupil),
            (left.to_vec(), 1, "2024-10-10", EnrolmentError::AlreadyThere),
            (
                vec![left[0], stay(2, "2024-10-11", "")],
                3,
                "2024-10-10",
                EnrolmentError::MovedLater { from: day("2024-10-11") },
            ),
        ] {
            assert_eq!(move_pupil(&stays, &[], (class(to), 2024), day(from)), Err(error));
        }
    }

    #[test]
    fn who_is_there_leaves_once() {
        let open = [stay(1, "2024-09-01", "")];
        let left = leave_school(&open, &[], day("2024-10-11")).unwrap();
        assert_eq!(left.stays, [stay(1, "2024-09-01", "2024-10-10")]);
        // Whoever was to leave on that day leaves so, and nothing is written twice.
        let again = leave_school(&left.stays, &[], day("2024-10-11")).unwrap();
        assert_eq!(again, Enrolment::default());
        let later = leave_school(&left.stays, &[], day("2024-10-12"));
        assert_eq!(later, Err(EnrolmentError::NotAPupil));
    }

    #[test]
    fn who_was_handed_over_is_not_once_more() {
        let handed_over = |stays: &[Stay], on| not_handed_over(stays, day(on));
        let error = |from| Err(EnrolmentError::HandedOver { from: day(from) });
        let third = [stay(2, "2024-10-20", ""), stay(1, "2024-10-11", "2024-10-19")];
        assert_eq!(handed_over(&third, "2024-10-11"), error("2024-10-11"));
        assert_eq!(handed_over(&third, "2024-10-12"), error("2024-10-20"));
        assert_eq!(handed_over(&third, "2024-10-21"), Ok(()), "a pupil of two schools");
        assert_eq!(handed_over(&[], "2024-10-11"), Ok(()));
    }

    #[test]
    fn the_school_before_is_the_one_that_was_left_before() {
        let there = [stay(1, "2024-09-01", "2024-10-10")];
        let back = [stay(2, "2024-08-01", "2024-08-31"), stay(2, "2024-10-11", "")];
        let came = |here: &[Stay], there: &[Stay], today| {
            came_from(here, there, &[class(1), class(2)], day(today))
        };
        assert!(came(&back, &there, "2024-10-11"));
        assert!(!came(&back, &there, "2024-08-15"), "then the former stay was");
        assert!(!came(&there, &back, "2024-10-11"));
        assert!(!came(&[], &there, "2024-10-11"));
        assert!(!came(&back, &[], "2024-10-11"));
    }
}
