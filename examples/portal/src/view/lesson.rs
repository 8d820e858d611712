//! A lesson of the diary, with its homework, marks and attendance.

use eschool_core::{
    diary::{DiaryEntry, DiaryHomework},
    journal::Material,
};

use super::{NBSP, attendance, date, mark::MarkView};

/// A lesson.
pub(crate) struct LessonView {
    /// The number in the day.
    pub(crate) number: u8,
    /// «08:30–09:15».
    pub(crate) times: Option<String>,
    /// The subject.
    pub(crate) subject: String,
    /// The subject it replaces.
    pub(crate) instead_of: Option<String>,
    /// The teacher; empty if not set.
    pub(crate) teacher: String,
    /// «каб. 204», «спортзал»; empty if not set.
    pub(crate) room: String,
    /// Whether it was cancelled.
    pub(crate) cancelled: bool,
    /// Whether it is held at a distance.
    pub(crate) distant: bool,
    /// Whether it comes from the timetable, on a day that is not all of it.
    pub(crate) planned: bool,
    /// Whether it should have been filled by now.
    pub(crate) unfilled: bool,
    /// The topic.
    pub(crate) topic: Option<String>,
    /// Homework for all, then that for the pupil alone.
    pub(crate) homework: Vec<HomeworkView>,
    /// The marks.
    pub(crate) marks: Vec<MarkView>,
    /// The attendance.
    pub(crate) attendance: Option<AttendanceView>,
}

/// Homework.
pub(crate) struct HomeworkView {
    /// What to do, line breaks kept.
    pub(crate) text: String,
    /// «к 25 сентября, ср».
    pub(crate) due: Option<String>,
    /// Whether it is for the pupil alone.
    pub(crate) personal: bool,
    /// What comes with it.
    pub(crate) materials: Vec<MaterialView>,
}

/// Something that comes with homework.
pub(crate) struct MaterialView {
    /// What it is called.
    pub(crate) name: String,
    /// Where it is, if that is a web page: nothing else is made a link.
    pub(crate) href: Option<String>,
}

/// Attendance.
pub(crate) struct AttendanceView {
    /// The code as the school writes it.
    pub(crate) code: String,
    /// What it means.
    pub(crate) meaning: &'static str,
    /// The style.
    pub(crate) style: &'static str,
}

impl LessonView {
    /// A lesson; `is_due` from its day on.
    pub(super) fn of(entry: DiaryEntry, day_is_planned: bool, is_due: bool) -> Self {
        let common = entry.homework.into_iter().map(|homework| (homework, false));
        let personal = entry.individual_homework.into_iter().map(|homework| (homework, true));
        Self {
            number: entry.number,
            times: date::times(entry.begins, entry.ends),
            subject: entry.subject,
            instead_of: entry.instead_of,
            teacher: entry.teacher,
            room: room(entry.room),
            cancelled: entry.cancelled,
            distant: entry.distant,
            planned: entry.planned && !day_is_planned,
            unfilled: is_due && !entry.filled && !entry.planned,
            topic: entry.topic,
            homework: common.chain(personal).map(HomeworkView::of).collect(),
            marks: entry.marks.iter().map(MarkView::of).collect(),
            attendance: entry.attendance.map(|attendance| AttendanceView {
                meaning: attendance::meaning(&attendance.class),
                style: attendance::style(&attendance.class),
                code: attendance.code,
            }),
        }
    }
}

/// A number is called a room; a name, as in «спортзал», speaks for itself.
fn room(room: String) -> String {
    let is_number = room.starts_with(|c: char| c.is_ascii_digit());
    if is_number { format!("каб.{NBSP}{room}") } else { room }
}

impl HomeworkView {
    fn of((homework, personal): (DiaryHomework, bool)) -> Self {
        Self {
            text: homework.text,
            due: homework.due.map(date::due),
            personal,
            materials: homework.materials.into_iter().map(MaterialView::of).collect(),
        }
    }
}

impl MaterialView {
    /// A link that a teacher typed may be anything, a script too.
    fn of(material: Material) -> Self {
        let link = material.link.trim();
        let is_page = link.starts_with("https://") || link.starts_with("http://");
        Self { name: material.name, href: is_page.then(|| link.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(filled: bool, planned: bool) -> DiaryEntry {
        serde_json::from_value(serde_json::json!({
            "number": 1, "subject": "Алгебра", "teacher": "", "room": "", "planned": planned,
            "cancelled": false, "distant": false, "filled": filled, "individualHomework": [],
            "marks": []
        }))
        .unwrap()
    }

    #[test]
    fn a_lesson_is_unfilled_from_its_day_on() {
        for (filled, planned, is_due, unfilled) in [
            (false, false, true, true),
            (false, false, false, false),
            (true, false, true, false),
            (false, true, true, false),
        ] {
            assert_eq!(LessonView::of(entry(filled, planned), false, is_due).unfilled, unfilled);
        }
        assert!(LessonView::of(entry(false, true), false, false).planned);
        assert!(!LessonView::of(entry(false, true), true, false).planned);
    }

    #[test]
    fn only_a_page_of_the_web_becomes_a_link() {
        for (link, is_link) in [
            ("https://example.org/a", true),
            (" http://example.org/a", true),
            ("javascript:alert(1)", false),
            ("//example.org", false),
            ("files/1.pdf", false),
        ] {
            let view = MaterialView::of(Material { name: "а".into(), link: link.into() });
            assert_eq!(view.href.is_some(), is_link, "{link}");
        }
    }
}
