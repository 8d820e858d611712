//! What a draft may be, whatever stands around its lesson.

use chrono::{Datelike as _, NaiveDate};

use super::{LessonDraft, LessonPage, PageError};

impl LessonDraft {
    /// Whether the draft is one of a lesson that the class may have: asked before anything is
    /// looked for by what it says, and by [`write_lesson`](super::write_lesson) again.
    ///
    /// `class_year` is the calendar year in which the school year of the class begins; none is for
    /// a class that the school does not have. A lesson that stands there keeps its day, whichever
    /// that is.
    ///
    /// ```
    /// use eschool_core::journal::{LessonDraft, PageError};
    ///
    /// let draft: LessonDraft = serde_json::from_str(r#"{
    ///     "class": "019379ab-0000-7000-8000-0000000000c7",
    ///     "date": "2042-09-16", "number": 2, "subject": "Физика"
    /// }"#).unwrap();
    /// assert_eq!(draft.check_bounds(None, Some(2042)), Ok(()));
    /// let (date, year) = (draft.date, 2024);
    /// let refused = PageError::DateOutsideYear { date, year };
    /// assert_eq!(draft.check_bounds(None, Some(year)), Err(refused));
    /// ```
    ///
    /// # Errors
    /// [`PageError::ClassUnknown`], [`PageError::DateOutsideYear`].
    pub fn check_bounds(
        &self,
        before: Option<&LessonPage>,
        class_year: Option<i32>,
    ) -> Result<(), PageError> {
        let (class, date) = (self.class, self.date);
        let year = class_year.ok_or(PageError::ClassUnknown { class })?;
        let stands = before.is_some_and(|before| before.lesson.date == date);
        if !stands && year_of_lesson(date) != year {
            return Err(PageError::DateOutsideYear { date, year });
        }
        Ok(())
    }
}

/// The calendar year in which the school year begins that a lesson of this day is given in: the
/// first is on 1 September, and whatever is given in August belongs to the year that ends.
fn year_of_lesson(day: NaiveDate) -> i32 {
    if day.month() >= 9 { day.year() } else { day.year() - 1 }
}
