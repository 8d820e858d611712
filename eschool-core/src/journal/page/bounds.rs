//! What a draft may be, whatever stands around its lesson.

use super::{LessonDraft, LessonPage, PageError};
use crate::{calendar::year_of_lesson, journal::Homework};

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
    /// [`PageError::ClassUnknown`], [`PageError::DateOutsideYear`], [`PageError::TooManyRows`],
    /// [`PageError::TextMalformed`].
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
        self.check_counts()?;
        self.texts().try_for_each(|(field, text)| {
            if text.contains('\0') { Err(PageError::TextMalformed { field }) } else { Ok(()) }
        })
    }

    fn check_counts(&self) -> Result<(), PageError> {
        let marks = self.works.iter().map(|work| work.marks.len()).sum::<usize>();
        let materials = self.all_homework().map(|homework| homework.materials.len()).sum();
        let counts = [
            ("works", self.works.len()),
            ("marks", marks.saturating_add(self.late_marks.len())),
            ("attendance", self.attendance.len()),
            ("individualHomework", self.individual_homework.len()),
            ("remarks", self.remarks.len()),
            ("materials", materials),
        ];
        let over = counts.into_iter().find(|(_, count)| *count > PageError::MOST_ROWS);
        over.map_or(Ok(()), |(field, _)| Err(PageError::TooManyRows { field }))
    }

    fn all_homework(&self) -> impl Iterator<Item = &Homework> {
        let own = self.individual_homework.iter().map(|row| &row.homework);
        self.homework.iter().chain(own)
    }

    /// Every text that is kept as it is given, with its field.
    fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let of_lesson = [
            ("subgroup", self.subgroup.as_ref().map(|part| part.0.as_str())),
            ("subject", Some(self.subject.as_str())),
            ("insteadOf", self.instead_of.as_deref()),
            ("teacher", Some(self.teacher.as_str())),
            ("room", Some(self.room.as_str())),
            ("topic", self.topic.as_deref()),
        ];
        let of_lesson = of_lesson.into_iter().filter_map(|(field, text)| Some((field, text?)));
        let homework = self.all_homework().map(|homework| ("homework", homework.text.as_str()));
        let materials = self.all_homework().flat_map(|homework| &homework.materials);
        let materials = materials.flat_map(|one| [one.name.as_str(), one.link.as_str()]);
        let works = self.works.iter();
        let works = works.flat_map(|work| [("kind", work.kind.0.as_str()), ("title", &work.title)]);
        let marks = self.works.iter().flat_map(|work| &work.marks);
        let marks = marks.chain(self.late_marks.iter().map(|late| &late.mark));
        let comments = marks.filter_map(|mark| Some(("comment", mark.comment.as_deref()?)));
        of_lesson
            .chain(homework)
            .chain(materials.map(|text| ("materials", text)))
            .chain(works)
            .chain(comments)
            .chain(self.remarks.iter().map(|remark| ("remarks", remark.text.as_str())))
    }
}
