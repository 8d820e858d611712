//! What a list of a school's pupils says of a time in a class that is known already.

use chrono::NaiveDate;

/// What a row of a list says of a pupil's time in a class (*зачислен, выбыл*).
///
/// A school's lists are older than what was done since: a pupil was moved, left, or went on into
/// the next school year. So what a row leaves open is not said, and stays as it is known.
///
/// ```
/// use eschool_core::journal::ListedStay;
///
/// let [september, october] = ["2024-09-01", "2024-10-10"].map(|day| day.parse().unwrap());
/// let row = ListedStay { from: Some(september), to: None, goes_on: false };
/// assert_eq!(row.last_day(Some(october)), Some(october), "the pupil was moved since");
/// let replacing = ListedStay { goes_on: true, ..row };
/// assert_eq!(replacing.last_day(Some(october)), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedStay {
    /// The first day in the class, if the row tells it.
    pub from: Option<NaiveDate>,
    /// The last day in it, if the row tells it.
    pub to: Option<NaiveDate>,
    /// Whether a row without a last day says that the stay goes on, as a list does that replaces
    /// what is known.
    pub goes_on: bool,
}

impl ListedStay {
    /// The first day of the stay that is meant, of a pupil whose stays in the class begin on the
    /// `known` days. `usual` is the day on which pupils come where nobody says another.
    ///
    /// A row without a first day means the stay from the usual day; where there is none, the last
    /// of those that had begun by the row's last day: a year that was opened on another day, or a
    /// move in the midst of it, is no second stay.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use eschool_core::journal::ListedStay;
    ///
    /// let day = |day: &str| -> NaiveDate { day.parse().unwrap() };
    /// let row = ListedStay { from: None, to: None, goes_on: false };
    /// let usual = day("2024-09-01");
    /// assert_eq!(row.first_day(&[], usual), usual);
    /// assert_eq!(row.first_day(&[day("2024-10-11")], usual), day("2024-10-11"));
    /// ```
    #[must_use]
    pub fn first_day(&self, known: &[NaiveDate], usual: NaiveDate) -> NaiveDate {
        if let Some(from) = self.from {
            return from;
        }
        if known.contains(&usual) {
            return usual;
        }
        let had_begun = |day: &&NaiveDate| self.to.is_none_or(|to| **day <= to);
        known.iter().filter(had_begun).max().copied().unwrap_or(usual)
    }

    /// The last day of the stay, where this one is `known`.
    #[must_use]
    pub fn last_day(&self, known: Option<NaiveDate>) -> Option<NaiveDate> {
        self.to.or_else(|| known.filter(|_| !self.goes_on))
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_row_without_a_first_day_means_a_stay_that_is_known() {
        let usual = "2024-09-01";
        for (from, to, known, meant) in [
            ("", "", &[][..], usual),
            ("", "", &["2024-09-02"], "2024-09-02"),
            ("", "", &["2024-09-02", "2024-11-05"], "2024-11-05"),
            ("", "", &["2024-11-05", "2024-09-02"], "2024-11-05"),
            ("", "2024-10-10", &["2024-09-02", "2024-11-05"], "2024-09-02"),
            ("", "2024-11-05", &["2024-09-02", "2024-11-05"], "2024-11-05"),
            // Another stay, before the one that is known.
            ("", "2024-10-10", &["2024-11-05"], usual),
            ("", "", &["2024-11-05", usual], usual),
            ("2024-09-03", "", &["2024-09-02", usual], "2024-09-03"),
        ] {
            let row = ListedStay { from: from.parse().ok(), to: to.parse().ok(), goes_on: false };
            let days: Vec<NaiveDate> = known.iter().map(|known| day(known)).collect();
            assert_eq!(row.first_day(&days, day(usual)), day(meant), "{from} {to} {known:?}");
        }
    }

    #[test]
    fn only_a_list_that_replaces_takes_a_last_day_away() {
        let (said, known) = (Some(day("2024-12-20")), Some(day("2024-10-10")));
        for (to, goes_on, before, after) in [
            (said, false, known, said),
            (said, true, known, said),
            (None, false, known, known),
            (None, true, known, None),
            (None, false, None, None),
            (said, false, None, said),
        ] {
            let row = ListedStay { from: None, to, goes_on };
            assert_eq!(row.last_day(before), after, "{row:?} {before:?}");
        }
    }
}
