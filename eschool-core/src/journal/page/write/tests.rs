use alloc::{
    string::{String, ToString as _},
    vec,
};

use serde_json::{Value, json};

use super::*;
use crate::{
    error::CodedError as _,
    journal::{MarkValue, Material, Subgroup, WorkKind},
};

const CLASS: &str = "019379ab-0000-7000-8000-0000000000c7";
const AT: &str = "2024-09-16T12:00:00Z";
const LATER: &str = "2024-09-17T12:00:00Z";

fn pupil(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

/// Physics on a Monday, with a work for which the first pupil has a 4, and the second a debt.
fn form() -> Value {
    json!({
        "class": CLASS, "date": "2024-09-16", "number": 2, "subject": "Физика", "topic": "Сила",
        "works": [{
            "kind": "Ответ", "title": "вопрос 2", "weight": "1", "marks": [
                {"pupil": pupil(1), "value": "4", "comment": "бодро"},
                {"pupil": pupil(2), "value": "."},
            ],
        }],
        "attendance": [{"pupil": pupil(2), "code": "оп"}],
        "individualHomework": [{"pupil": pupil(2), "homework": {"text": "Карточка"}}],
        "remarks": [{"pupil": pupil(1), "text": "Забыл тетрадь"}],
    })
}

/// A desk at which lessons are written, each identifier greater than the one before.
struct Desk {
    next: u128,
    stays: Vec<Stay>,
    lessons: Vec<Lesson>,
    works: Vec<Work>,
    marks: Vec<Mark>,
}

impl Desk {
    fn new() -> Self {
        let stay = |n| {
            serde_json::from_value(json!({
                "pupil": pupil(n), "class": CLASS, "from": "2024-09-01", "to": "2025-05-31",
            }))
            .unwrap()
        };
        Self {
            next: 0x100,
            stays: vec![stay(1), stay(2)],
            lessons: vec![],
            works: vec![],
            marks: vec![],
        }
    }

    fn write(
        &mut self,
        before: Option<&LessonPage>,
        draft: LessonDraft,
        at: &str,
    ) -> Result<Written, PageError> {
        let Self { next, stays, lessons, works, marks } = self;
        let class_year = Some(2024);
        let around = Around { class_year, stays, lessons, works, marks, ..Around::default() };
        let codes = AttendanceCodes::standard();
        let mut new_id = || {
            *next += 1;
            Uuid::from_u128(*next)
        };
        let (by, at) = (Some(pupil(9)), at.parse().unwrap());
        let mut writing = Writing { by, at, codes: &codes, new_id: &mut new_id };
        write_lesson(before, draft, around, &mut writing)
    }

    fn page(&mut self) -> LessonPage {
        self.write(None, serde_json::from_value(form()).unwrap(), AT).unwrap().page
    }

    /// What becomes of the page when its draft is changed.
    fn change(
        &mut self,
        page: &LessonPage,
        change: impl FnOnce(&mut LessonDraft),
    ) -> Result<Written, PageError> {
        let mut draft = page.draft();
        change(&mut draft);
        self.write(Some(page), draft, LATER)
    }
}

fn value(text: &str) -> MarkValue {
    text.parse().unwrap()
}

#[test]
fn a_new_lesson_has_all_that_its_draft_holds() {
    let page = Desk::new().page();
    let told = |mark: &Mark| (mark.pupil, mark.value.to_string(), mark.date.to_string());
    assert_eq!(page.version, 1);
    assert_eq!(
        page.marks.iter().map(told).collect::<Vec<_>>(),
        [(pupil(1), "4".into(), "2024-09-16".into()), (pupil(2), ".".into(), "2024-09-16".into())],
    );
    assert!(page.marks.iter().all(|mark| mark.work == page.works[0].id));
    assert_eq!((page.attendance[0].pupil, page.attendance[0].class.as_str()), (pupil(2), "late"));
    assert_eq!(page.individual_homework[0].homework.text, "Карточка");
    assert_eq!(page.remarks[0].text, "Забыл тетрадь");
    assert_eq!(page.lesson.written_at, AT.parse::<DateTime<Utc>>().unwrap());
}

#[test]
fn a_draft_that_is_given_back_changes_nothing() {
    let mut desk = Desk::new();
    let page = desk.page();
    let written = desk.change(&page, |_| {}).unwrap();
    assert!(!written.is_different(Some(&page)));
    assert_eq!((written.page, written.revisions, written.removed), (page, vec![], vec![]));
}

#[test]
fn a_changed_mark_has_a_history_and_a_comment_alone_has_none() {
    let mut desk = Desk::new();
    let page = desk.page();
    let written = desk.change(&page, |draft| draft.works[0].marks[1].value = value("4")).unwrap();
    let [revision] = &written.revisions[..] else { panic!("one revision") };
    assert_eq!((revision.mark, revision.by), (page.marks[1].id, Some(pupil(9))));
    assert_eq!((&revision.old, &revision.new), (&value("."), &value("4")));
    assert_eq!(written.page.marks[1].written_at, LATER.parse::<DateTime<Utc>>().unwrap());
    assert_eq!((written.page.version, &written.page.lesson), (2, &page.lesson));

    let written = desk.change(&page, |draft| draft.works[0].marks[0].comment = None).unwrap();
    assert_eq!((written.revisions, written.page.marks[0].comment.clone()), (vec![], None));
    assert_eq!(written.page.marks[0].written_at, page.marks[0].written_at);
    assert_eq!(written.page.version, 2);
}

#[test]
fn what_a_draft_does_not_hold_is_taken_away() {
    let mut desk = Desk::new();
    let page = desk.page();
    let written = desk.change(&page, |draft| draft.works.clear()).unwrap();
    assert_eq!((written.page.works, written.page.marks), (vec![], vec![]));
    assert_eq!((written.removed, written.revisions), (page.marks, vec![]));
}

#[test]
fn what_stands_in_a_lesson_moves_with_it() {
    let mut desk = Desk::new();
    let page = desk.page();
    let friday = "2024-09-20".parse().unwrap();
    let written = desk.change(&page, |draft| draft.date = friday).unwrap();
    assert!(written.page.marks.iter().all(|mark| mark.date == friday));
    assert!(written.page.attendance.iter().all(|row| row.date == friday));
    // Nobody gave them anew.
    let written_at = |page: &LessonPage| page.marks[0].written_at;
    assert_eq!(written_at(&written.page), written_at(&page));
    assert_eq!(written.page.lesson.written_at, LATER.parse::<DateTime<Utc>>().unwrap());
}

#[test]
fn blank_texts_are_none() {
    let mut desk = Desk::new();
    let mut draft: LessonDraft = serde_json::from_value(form()).unwrap();
    let blank = Homework { text: "\n".into(), due: None, materials: vec![] };
    draft.topic = Some(" ".into());
    draft.instead_of = Some(String::new());
    draft.homework = Some(blank.clone());
    draft.individual_homework[0].homework = blank;
    draft.remarks[0].text = " ".into();
    draft.works[0].marks[0].comment = Some(" ".into());
    let page = desk.write(None, draft, AT).unwrap().page;
    let lesson = page.lesson;
    assert_eq!((lesson.topic, lesson.instead_of, lesson.homework), (None, None, None));
    assert_eq!((page.individual_homework, page.remarks), (vec![], vec![]));
    assert_eq!(page.marks[0].comment, None);
}

#[test]
fn a_work_of_an_earlier_lesson_is_handed_in_later() {
    let mut desk = Desk::new();
    let first = desk.page();
    desk.lessons.push(first.lesson.clone());
    desk.works.clone_from(&first.works);
    let late = json!({
        "class": CLASS, "date": "2024-09-20", "number": 1, "subject": "Физика",
        "lateMarks": [{"work": first.works[0].id, "pupil": pupil(2), "value": "5"}],
    });
    let late: LessonDraft = serde_json::from_value(late).unwrap();
    let page = desk.write(None, late.clone(), LATER).unwrap().page;
    assert_eq!((page.works.len(), page.marks[0].work), (0, first.works[0].id));
    assert_eq!(page.draft().late_marks.len(), 1);
    let chemistry = LessonDraft { subject: "Химия".into(), ..late };
    let refused = desk.write(None, chemistry, LATER).unwrap_err();
    assert_eq!(refused.code(), "work_elsewhere");

    // Its lesson went to an archive: what stands is corrected and moves, and nothing is new.
    desk.lessons.clear();
    let corrected = desk.change(&page, |draft| {
        draft.late_marks[0].mark.value = value("4");
        draft.date = "2024-09-23".parse().unwrap();
    });
    assert_eq!(corrected.unwrap().page.marks[0].value, value("4"));
    let anew = |draft: &mut LessonDraft| {
        let mut late = draft.late_marks[0].clone();
        (late.mark.id, late.mark.pupil) = (None, pupil(1));
        draft.late_marks.push(late);
    };
    assert_eq!(desk.change(&page, anew).unwrap_err().code(), "work_unknown");

    // While it stands there, the work stays where it is.
    desk.lessons = vec![page.lesson.clone()];
    desk.works.clear();
    desk.marks.clone_from(&page.marks);
    for (change, code) in [
        ((|draft| draft.works.clear()) as fn(&mut LessonDraft), "work_unknown"),
        (|draft| draft.date = "2024-09-23".parse().unwrap(), "work_elsewhere"),
        (|draft| draft.subject = "Химия".into(), "work_elsewhere"),
    ] {
        assert_eq!(desk.change(&first, change).unwrap_err().code(), code);
    }
}

#[test]
fn what_cannot_stand_is_told() {
    let mut desk = Desk::new();
    let page = desk.page();
    let stranger = WorkId(Uuid::from_u128(0x999));
    desk.lessons.push(Lesson { id: LessonId(stranger.0), number: 3, ..page.lesson.clone() });
    for (change, code, field) in [
        ((|draft| draft.number = 21) as fn(&mut LessonDraft), "lesson_number", "number"),
        (|draft| draft.number = 3, "lesson_repeated", "number"),
        (|draft| draft.date = "2024-09-15".parse().unwrap(), "no_school_day", "date"),
        (|draft| draft.date = "2024-08-31".parse().unwrap(), "page_date_outside_year", "date"),
        (|draft| draft.date = "2025-09-01".parse().unwrap(), "page_date_outside_year", "date"),
        (|draft| draft.date = NaiveDate::MAX, "page_date_outside_year", "date"),
        (|draft| draft.date = NaiveDate::MIN, "page_date_outside_year", "date"),
        (|draft| draft.cancelled = true, "lesson_cancelled", "lesson"),
        (|draft| draft.subject = " ".into(), "page_subject_missing", "subject"),
        (
            |draft| draft.class = "019379ab-0000-7000-8000-0000000000c8".parse().unwrap(),
            "page_class_differs",
            "class",
        ),
        (|draft| draft.works[0].marks[0].pupil = pupil(2), "page_mark_not_there", "mark"),
        (
            |draft| {
                let again = draft.works[0].marks[0].clone();
                draft.works[0].marks.push(again);
            },
            "page_mark_not_there",
            "mark",
        ),
        (
            |draft| {
                let mark = draft.works[0].marks.remove(0);
                draft.works.push(WorkDraft {
                    id: None,
                    marks: vec![mark],
                    ..draft.works[0].clone()
                });
            },
            "page_mark_not_there",
            "mark",
        ),
        (
            |draft| {
                let again = WorkDraft { marks: vec![], ..draft.works[0].clone() };
                draft.works.push(again);
            },
            "page_work_not_there",
            "work",
        ),
        (
            |draft| draft.works[0].marks[0].value = MarkValue::Unknown("6".into()),
            "history_value_unknown",
            "value",
        ),
        (
            |draft| {
                let mark = &mut draft.works[0].marks[0];
                (mark.id, mark.value) = (None, MarkValue::Unknown("6".into()));
            },
            "value_unknown",
            "value",
        ),
        (|draft| draft.attendance[0].code = "ЩЩ".into(), "code_unknown", "code"),
        (|draft| draft.attendance[0].pupil = pupil(3), "pupil_elsewhere", "pupil"),
        (|draft| draft.remarks[0].pupil = pupil(3), "pupil_elsewhere", "pupil"),
    ] {
        let error = desk.change(&page, change).unwrap_err();
        assert_eq!((error.code(), error.field()), (code, Some(field)), "{error}");
        assert!(!error.text_ru().is_empty());
    }
}

#[test]
fn a_class_has_lessons_in_its_school_year_alone() {
    let mut desk = Desk::new();
    desk.stays[0].to = None;
    let mut draft: LessonDraft = serde_json::from_value(form()).unwrap();
    draft.works.clear();
    draft.attendance.clear();
    draft.individual_homework.clear();
    draft.remarks.clear();
    for (date, is_good) in [
        ("2024-08-30", false),
        ("2024-09-02", true),
        ("2025-08-29", true),
        ("2025-09-01", false),
        ("2042-09-16", false),
    ] {
        draft.date = date.parse().unwrap();
        let written = desk.write(None, draft.clone(), AT);
        assert_eq!(written.is_ok(), is_good, "{date}: {written:?}");
    }

    // One that stands on such a day is written where it stands, and nowhere else of that kind.
    let mut page = desk.page();
    page.lesson.date = "2042-09-16".parse().unwrap();
    page.marks.iter_mut().for_each(|mark| mark.date = page.lesson.date);
    page.attendance.iter_mut().for_each(|row| row.date = page.lesson.date);
    desk.stays.iter_mut().for_each(|stay| stay.to = None);
    assert!(desk.change(&page, |draft| draft.topic = None).is_ok());
    let refused = desk.change(&page, |draft| draft.date = "2042-09-17".parse().unwrap());
    assert_eq!(refused.unwrap_err().code(), "page_date_outside_year");

    let around = Around { stays: &desk.stays, ..Around::default() };
    let codes = AttendanceCodes::standard();
    let at = AT.parse().unwrap();
    let mut writing = Writing { by: None, at, codes: &codes, new_id: &mut Uuid::nil };
    draft.date = "2024-09-16".parse().unwrap();
    let refused = write_lesson(None, draft, around, &mut writing).unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("page_class_unknown", Some("class")));
}

#[test]
fn what_stands_as_it_did_is_not_judged_anew() {
    let mut desk = Desk::new();
    let page = desk.page();
    // Both leave, as is known afterwards: before this lesson.
    desk.stays.iter_mut().for_each(|stay| stay.to = Some("2024-09-13".parse().unwrap()));
    let topic = |draft: &mut LessonDraft| draft.topic = Some("Работа".into());
    assert_eq!(desk.change(&page, topic).unwrap().page.version, 2);
    let without = desk.change(&page, |draft| draft.remarks.clear()).unwrap().page;
    assert_eq!((without.remarks.len(), without.marks.len()), (0, 2));
    // What is another than before is judged, and all of a lesson that moves.
    for change in [
        (|draft| draft.works[0].marks[0].value = value("5")) as fn(&mut LessonDraft),
        (|draft| draft.works[0].marks[0].comment = None),
        (|draft| draft.attendance[0].code = "УП".into()),
        (|draft| draft.individual_homework[0].homework.text = "Опыт".into()),
        (|draft| draft.remarks[0].text = "Забыл дневник".into()),
        (|draft| draft.date = "2024-09-17".parse().unwrap()),
        (|draft| draft.number = 3),
    ] {
        assert_eq!(desk.change(&page, change).unwrap_err().code(), "pupil_elsewhere");
    }

    // The hour is taken by another lesson, as an import may have left it.
    let mut desk = Desk::new();
    let other = LessonId(Uuid::from_u128(0x999));
    desk.lessons.push(Lesson { id: other, ..page.lesson.clone() });
    assert!(desk.change(&page, topic).is_ok());
    let due = |draft: &mut LessonDraft| {
        let due = Some("2024-09-15".parse().unwrap());
        draft.homework = Some(Homework { text: "§ 5".into(), due, materials: vec![] });
    };
    desk.lessons.clear();
    assert_eq!(desk.change(&page, due).unwrap_err().code(), "due_before_lesson");
}

#[test]
fn no_text_has_a_zero_and_no_page_rows_without_end() {
    let mut desk = Desk::new();
    let page = desk.page();
    let many = PageError::MOST_ROWS;
    let zero = || String::from("a\0b");
    let own = |text: &str, name: &str, link: &str| {
        let materials = vec![Material { name: name.into(), link: link.into() }];
        Some(Homework { text: text.into(), due: None, materials })
    };
    type Change<'c> = &'c dyn Fn(&mut LessonDraft);
    let texts: [(Change<'_>, &str); 14] = [
        (&|draft| draft.subgroup = Some(Subgroup(zero())), "subgroup"),
        (&|draft| draft.subject = zero(), "subject"),
        (&|draft| draft.instead_of = Some(zero()), "insteadOf"),
        (&|draft| draft.teacher = zero(), "teacher"),
        (&|draft| draft.room = zero(), "room"),
        (&|draft| draft.topic = Some(zero()), "topic"),
        (&|draft| draft.homework = own("\0", "", ""), "homework"),
        (&|draft| draft.homework = own("", "\0", ""), "materials"),
        (&|draft| draft.homework = own("", "", "\0"), "materials"),
        (&|draft| draft.individual_homework[0].homework.text = zero(), "homework"),
        (&|draft| draft.works[0].kind = WorkKind(zero()), "kind"),
        (&|draft| draft.works[0].title = zero(), "title"),
        (&|draft| draft.works[0].marks[1].comment = Some(zero()), "comment"),
        (&|draft| draft.remarks[0].text = zero(), "remarks"),
    ];
    for (change, field) in texts {
        let error = desk.change(&page, change).unwrap_err();
        assert_eq!((error.code(), error.field()), ("page_text_malformed", Some(field)));
    }

    let remarks = |count| {
        move |draft: &mut LessonDraft| {
            draft.remarks = vec![draft.remarks[0].clone(); count];
        }
    };
    assert_eq!(desk.change(&page, remarks(many)).unwrap().page.remarks.len(), many);
    let of_work = |draft: &LessonDraft, count| {
        let mark = MarkDraft { id: None, ..draft.works[0].marks[0].clone() };
        vec![mark; count]
    };
    let rows: [(Change<'_>, &str); 7] = [
        (&remarks(many + 1), "remarks"),
        (&|draft| draft.works = vec![draft.works[0].clone(); many + 1], "works"),
        (
            // None of its parts has too many.
            &|draft| {
                let work = draft.works[0].id.unwrap();
                let marks = of_work(draft, many);
                let late = marks[..1].iter().map(|mark| LateMarkDraft { work, mark: mark.clone() });
                draft.late_marks = late.collect();
                draft.works[0].marks = marks;
            },
            "marks",
        ),
        (&|draft| draft.works[0].marks = of_work(draft, many + 1), "marks"),
        (&|draft| draft.attendance = vec![draft.attendance[0].clone(); many + 1], "attendance"),
        (
            &|draft| {
                draft.individual_homework = vec![draft.individual_homework[0].clone(); many + 1];
            },
            "individualHomework",
        ),
        (
            &|draft| {
                let homework = &mut draft.individual_homework[0].homework;
                homework.materials =
                    vec![Material { name: "К".into(), link: "/".into() }; many + 1];
            },
            "materials",
        ),
    ];
    for (change, field) in rows {
        let error = desk.change(&page, change).unwrap_err();
        assert_eq!((error.code(), error.field()), ("page_too_many_rows", Some(field)));
    }
}

#[test]
fn a_clock_that_is_behind_refuses_no_correction() {
    let mut desk = Desk::new();
    let page = desk.page();
    let mut draft = page.draft();
    draft.works[0].marks[0].value = value("5");
    let written = desk.write(Some(&page), draft, "2024-09-16T11:59:59Z").unwrap();
    assert_eq!(written.revisions[0].at, page.marks[0].written_at);
}
