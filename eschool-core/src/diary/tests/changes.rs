//! What changed between two readings, by hand and by putting the changes back.

use alloc::collections::BTreeSet;

use proptest::{collection::vec, option, prelude::*};

use super::*;
use crate::{
    calendar::DayKind,
    journal::{Mark, Weight},
};

pub(super) const RANGE: (&str, &str) = ("2024-09-16", "2024-09-18");

pub(super) fn diary(from: &str, to: &str, entries: Vec<(NaiveDate, DiaryEntry)>) -> Diary {
    let range = DateRange::new(day(from), day(to)).unwrap();
    let days = range.days().map(|date| {
        let entries = entries.iter().filter(|(day, _)| *day == date);
        let mut entries: Vec<_> = entries.map(|(_, entry)| entry.clone()).collect();
        entries.sort_by_key(|entry| entry.number);
        DiaryDay { date, kind: DayKind::Ordinary, name: None, entries }
    });
    Diary { pupil: PUPIL, range, days: days.collect() }
}

/// A written lesson without anything in it, or a planned one.
fn entry(id: Option<usize>, number: u8, subject: &str) -> DiaryEntry {
    DiaryEntry {
        lesson: id.map(lesson_id),
        number,
        begins: None,
        ends: None,
        subject: subject.into(),
        teacher: String::new(),
        room: String::new(),
        planned: id.is_none(),
        instead_of: None,
        cancelled: false,
        distant: false,
        filled: false,
        topic: None,
        homework: None,
        individual_homework: Vec::new(),
        marks: Vec::new(),
        attendance: None,
        remarks: Vec::new(),
    }
}

fn diary_mark(id: u128, value: &str, title: &str) -> DiaryMark {
    DiaryMark {
        id: MarkId(Uuid::from_u128(id)),
        value: value.parse().unwrap(),
        work: WorkKind("Тест".into()),
        title: title.into(),
        weight: Weight::ONE,
        comment: None,
        closed_by: None,
    }
}

fn diary_remark(text: &str) -> DiaryRemark {
    DiaryRemark { text: text.into() }
}

fn monday(entries: Vec<DiaryEntry>) -> Diary {
    let date = day(RANGE.0);
    diary(RANGE.0, RANGE.1, entries.into_iter().map(|entry| (date, entry)).collect())
}

fn kinds(before: &Diary, after: &Diary) -> Vec<String> {
    changes(before, after).iter().map(|change| change.kind().to_string()).collect()
}

#[test]
fn marks_are_a_multiset_of_their_works() {
    let five = |id| diary_mark(id, "5", "вопрос 1");
    let four = |id| diary_mark(id, "4", "вопрос 1");
    let other = |id| diary_mark(id, "5", "вопрос 2");
    let cases = [
        (vec![five(1)], vec![five(1)], &[][..]),
        // Two equal marks are two marks.
        (vec![five(1)], vec![five(1), five(2)], &["mark_new"]),
        (vec![five(1), five(2)], vec![five(2)], &["mark_removed"]),
        (vec![five(1), five(2)], vec![four(1), five(2)], &["mark_changed"]),
        // Each mark is known by its identifier,
        (vec![five(1), four(2)], vec![four(1), five(2)], &["mark_changed", "mark_changed"]),
        (vec![five(1)], vec![other(1)], &["mark_changed"]),
        // and where identifiers are others, by what it says and what it is for.
        (vec![five(1), four(2)], vec![four(3), five(4)], &[]),
        (vec![five(1), five(2)], vec![five(3), four(4)], &["mark_changed"]),
        (vec![five(1), five(2)], vec![five(3)], &["mark_removed"]),
        (vec![five(1)], vec![other(2)], &["mark_new", "mark_removed"]),
    ];
    for (old, new, expected) in cases {
        let with = |marks: &[DiaryMark]| {
            monday(vec![DiaryEntry { marks: marks.to_vec(), ..entry(Some(1), 1, "Физика") }])
        };
        assert_eq!(kinds(&with(&old), &with(&new)), expected, "{old:?} {new:?}");
    }
}

fn closed(debt: DiaryMark, date: &str, value: &str) -> DiaryMark {
    let (mark, value) = (MarkId(Uuid::from_u128(9)), value.parse().unwrap());
    DiaryMark { closed_by: Some(DebtClosing { mark, date: day(date), value }), ..debt }
}

#[test]
fn a_debt_that_is_closed_or_open_again_is_told_where_it_stands() {
    let debt = |id| diary_mark(id, ".", "вопрос 1");
    let four = |id| closed(debt(id), "2024-09-23", "4");
    let commented = |mark| DiaryMark { comment: Some("до пятницы".into()), ..mark };
    let by_another = |mut mark: DiaryMark| {
        mark.closed_by.as_mut().unwrap().mark = MarkId(Uuid::from_u128(10));
        mark
    };
    let cases = [
        (vec![four(1)], vec![four(1)], &[][..]),
        // The mark that closes it stands in a week that is not read.
        (vec![debt(1)], vec![four(1)], &["debt_closed"]),
        (vec![four(1)], vec![debt(1)], &["debt_reopened"]),
        (vec![four(1)], vec![closed(debt(1), "2024-09-23", "5")], &["debt_closed"]),
        (vec![four(1)], vec![closed(debt(1), "2024-09-24", "4")], &["debt_closed"]),
        (vec![four(1)], vec![by_another(four(1))], &[]),
        // A debt that comes closed, goes or is none any more.
        (vec![], vec![four(1)], &["mark_new", "debt_closed"]),
        (vec![four(1)], vec![], &["mark_removed"]),
        (vec![four(1)], vec![diary_mark(1, "4", "вопрос 1")], &["mark_changed"]),
        (vec![diary_mark(1, "4", "вопрос 1")], vec![four(1)], &["mark_changed", "debt_closed"]),
        // What is written beside it does not open it.
        (vec![four(1)], vec![commented(four(1))], &["mark_changed"]),
        (vec![debt(1)], vec![commented(four(1))], &["mark_changed", "debt_closed"]),
        (vec![four(1)], vec![commented(debt(1))], &["mark_changed", "debt_reopened"]),
        // Under another identifier it is the same debt.
        (vec![debt(1)], vec![four(3)], &["debt_closed"]),
        (vec![debt(1), four(2)], vec![four(3), debt(4)], &[]),
        // A mark that is no debt is closed by nothing.
        (
            vec![diary_mark(1, "4", "вопрос 1")],
            vec![closed(diary_mark(1, "4", "вопрос 1"), "2024-09-23", "5")],
            &[],
        ),
    ];
    for (old, new, expected) in cases {
        let with = |marks: &[DiaryMark]| {
            monday(vec![DiaryEntry { marks: marks.to_vec(), ..entry(Some(1), 1, "Физика") }])
        };
        assert_eq!(kinds(&with(&old), &with(&new)), expected, "{old:?} {new:?}");
    }
}

/// A client that keeps the week of the debt has nothing else to hear of a mark in another week.
#[test]
fn a_kept_week_learns_that_a_debt_of_it_was_closed() {
    let (first, later) =
        (lesson(1, "2024-09-16", 1, "Физика"), lesson(2, "2024-09-23", 1, "Физика"));
    let (work, debt) = mark(1, &first, ".", "1");
    let four = Mark { work: work.id, ..mark(2, &later, "4", "1").1 };
    let open =
        DiarySlice { works: vec![work], marks: vec![debt.clone()], ..slice(vec![first, later]) };
    let handed_in = DiarySlice { marks: vec![debt, four], ..open.clone() };
    let (open, handed_in) = (compose(open, week()), compose(handed_in, week()));
    let told = |before: &Diary, after: &Diary| -> Vec<String> {
        changes(before, after).iter().map(Change::text_ru).collect()
    };
    assert_eq!(
        told(&open, &handed_in),
        ["Физика, 16 сентября: долг закрыт 23 сентября отметкой 4 – вопрос 1"]
    );
    assert_eq!(told(&handed_in, &open), ["Физика, 16 сентября: долг снова открыт – вопрос 1"]);
}

#[test]
fn remarks_are_a_multiset_and_the_rest_is_paired_in_order() {
    let cases = [
        (&["а"][..], &["а"][..], &[][..]),
        (&["а", "б"], &["б", "а"], &[]),
        // Two equal remarks are two remarks.
        (&["а"], &["а", "а"], &["remark_new"]),
        (&["а", "а"], &["а"], &["remark_removed"]),
        (&["а"], &["б"], &["remark_changed"]),
        (&["а", "б"], &["б", "в"], &["remark_changed"]),
        (&["а"], &["б", "в"], &["remark_changed", "remark_new"]),
        (&["а", "б"], &["в"], &["remark_changed", "remark_removed"]),
    ];
    for (old, new, expected) in cases {
        let with = |texts: &[&str]| {
            let remarks = texts.iter().map(|text| diary_remark(text)).collect();
            monday(vec![DiaryEntry { remarks, ..entry(Some(1), 1, "Физика") }])
        };
        assert_eq!(kinds(&with(old), &with(new)), expected, "{old:?} {new:?}");
    }
}

#[test]
fn a_lesson_is_told_by_what_matters_most() {
    let old = || entry(Some(1), 1, "Физика");
    let cancelled = || DiaryEntry { cancelled: true, ..old() };
    let replaced =
        || DiaryEntry {
            subject: "Химия".into(), instead_of: Some("Физика".into()), ..old()
        };
    let room = || DiaryEntry { room: "118".into(), ..old() };
    let cases = [
        (vec![old()], vec![old()], &[][..]),
        (vec![], vec![old()], &["lesson_added"]),
        (vec![old()], vec![], &["lesson_removed"]),
        (vec![old()], vec![cancelled()], &["lesson_cancelled"]),
        (vec![cancelled()], vec![old()], &["lesson_restored"]),
        (vec![old()], vec![DiaryEntry { number: 2, ..old() }], &["lesson_moved"]),
        (vec![old()], vec![DiaryEntry { number: 2, ..cancelled() }], &["lesson_cancelled"]),
        (vec![old()], vec![replaced()], &["lesson_replaced"]),
        (vec![replaced()], vec![old()], &["lesson_replaced"]),
        (vec![old()], vec![room()], &["lesson_changed"]),
        (vec![old()], vec![DiaryEntry { distant: true, ..old() }], &["lesson_changed"]),
        // Another lesson at the same hour took its place.
        (vec![old()], vec![entry(Some(2), 1, "Химия")], &["lesson_replaced"]),
        // Two lessons changed places.
        (
            vec![old(), entry(Some(2), 2, "Химия")],
            vec![entry(Some(2), 1, "Химия"), DiaryEntry { number: 2, ..old() }],
            &["lesson_moved", "lesson_moved"],
        ),
    ];
    for (before, after, expected) in cases {
        assert_eq!(kinds(&monday(before.clone()), &monday(after.clone())), expected);
    }
}

#[test]
fn a_planned_lesson_that_was_written_is_no_news_but_what_is_in_it_is() {
    let before = monday(vec![entry(None, 1, "Физика"), entry(None, 2, "Химия")]);
    let written =
        DiaryEntry { topic: Some("Сила".into()), ..entry(Some(1), 1, "Физика") };
    let replaced =
        DiaryEntry { instead_of: Some("Химия".into()), ..entry(Some(2), 2, "Музыка") };
    let after = monday(vec![written, replaced]);
    assert_eq!(kinds(&before, &after), ["lesson_written", "topic_changed", "lesson_replaced"]);
}

#[test]
fn only_days_of_both_tell_something() {
    let lesson = |date: &str| (day(date), entry(Some(1), 1, "Физика"));
    let before = diary("2024-09-16", "2024-09-17", vec![lesson("2024-09-16")]);
    let after = diary("2024-09-17", "2024-09-18", vec![lesson("2024-09-18")]);
    assert_eq!(kinds(&before, &after), [""; 0]);
    // Of a lesson that left the common days no more is known than that.
    let before = diary("2024-09-16", "2024-09-17", vec![lesson("2024-09-17")]);
    assert_eq!(kinds(&before, &after), ["lesson_removed"]);
}

#[test]
fn a_day_that_becomes_a_holiday_is_told_before_the_lessons_it_takes_away() {
    let before = monday(vec![entry(Some(1), 1, "Физика"), entry(None, 2, "Химия")]);
    let mut after = monday(vec![]);
    after.days[0].kind = DayKind::Holiday;
    after.days[0].name = Some("День города".into());
    assert_eq!(kinds(&before, &after), ["day_changed", "lesson_removed", "lesson_removed"]);
    assert_eq!(kinds(&after, &before), ["day_changed", "lesson_added", "lesson_added"]);
    let [Change::DayChanged { date, old, new }, ..] = &changes(&before, &after)[..] else {
        panic!("the day comes first")
    };
    assert_eq!(*date, day(RANGE.0));
    assert_eq!((&old.kind, &old.name), (&DayKind::Ordinary, &None));
    assert_eq!((&new.kind, new.name.as_deref()), (&DayKind::Holiday, Some("День города")));

    // The name alone is told too, and a day of one reading alone tells nothing.
    let mut renamed = after.clone();
    renamed.days[0].name = None;
    assert_eq!(kinds(&after, &renamed), ["day_changed"]);
    renamed.days.remove(0);
    assert_eq!(kinds(&after, &renamed), [""; 0]);
}

#[test]
fn diaries_of_two_pupils_have_nothing_in_common() {
    let before = monday(vec![entry(Some(1), 1, "Физика")]);
    let after = Diary { pupil: CLASSMATE, ..monday(vec![]) };
    assert_eq!(changes(&before, &after), []);
}

#[test]
fn what_goes_with_a_lesson_is_told_before_it() {
    let full = DiaryEntry {
        topic: Some("Сила".into()),
        homework: Some(DiaryHomework { text: "§ 5".into(), due: None, materials: vec![] }),
        marks: vec![diary_mark(1, "5", "вопрос 1")],
        attendance: Some(DiaryAttendance { code: "оп".into(), class: AttendanceClass::Late }),
        remarks: vec![diary_remark("забыл тетрадь")],
        ..entry(Some(1), 1, "Физика")
    };
    let (with, without) = (monday(vec![full]), monday(vec![]));
    assert_eq!(
        kinds(&without, &with),
        [
            "lesson_added",
            "topic_changed",
            "homework_new",
            "mark_new",
            "attendance_set",
            "remark_new"
        ]
    );
    assert_eq!(
        kinds(&with, &without),
        [
            "topic_changed",
            "homework_removed",
            "mark_removed",
            "attendance_removed",
            "remark_removed",
            "lesson_removed"
        ]
    );
}

/// Puts changes back into the entries they came from.
///
/// Lessons that change or come are told first, all as they were found; then what stands in them;
/// then those that go.
pub(super) fn apply(
    before: &[(NaiveDate, DiaryEntry)],
    changes: &[Change],
) -> Vec<(NaiveDate, DiaryEntry)> {
    let mut entries = before.to_vec();
    let at = |entries: &[(NaiveDate, DiaryEntry)], lesson: &LessonFacts| {
        let found = entries.iter().position(|(date, e)| LessonFacts::of(*date, e) == *lesson);
        found.expect("the lesson is there")
    };
    for change in changes {
        match change {
            Change::LessonAdded { lesson } => {
                let mut new = (lesson.date, entry(None, 0, ""));
                tell(&mut new, lesson);
                entries.push(new);
            }
            Change::LessonCancelled { old, new }
            | Change::LessonRestored { old, new }
            | Change::LessonMoved { old, new }
            | Change::LessonReplaced { old, new }
            | Change::LessonChanged { old, new }
            | Change::LessonWritten { old, new } => {
                let at = at(before, old);
                tell(&mut entries[at], new);
            }
            _ => {}
        }
    }
    for change in changes {
        put(&mut entries, change);
    }
    for change in changes {
        if let Change::LessonRemoved { lesson } = change {
            let at = at(&entries, lesson);
            let (_, gone) = entries.remove(at);
            let empty = DiaryEntry { filled: false, ..gone.clone() };
            let mut bare = (lesson.date, entry(None, 0, ""));
            tell(&mut bare, lesson);
            assert_eq!(empty, bare.1, "something is left in a lesson that goes");
        }
    }
    entries
}

/// Gives an entry the facts of a lesson.
fn tell((date, entry): &mut (NaiveDate, DiaryEntry), facts: &LessonFacts) {
    let LessonFacts { lesson, number, begins, ends, planned, cancelled, distant, .. } = *facts;
    *date = facts.date;
    *entry = DiaryEntry {
        lesson,
        number,
        begins,
        ends,
        subject: facts.subject.clone(),
        instead_of: facts.instead_of.clone(),
        teacher: facts.teacher.clone(),
        room: facts.room.clone(),
        planned,
        cancelled,
        distant,
        ..entry.clone()
    };
}

fn the_one<'a>(
    entries: &'a mut [(NaiveDate, DiaryEntry)],
    place: &LessonPlace,
) -> &'a mut DiaryEntry {
    let mut found =
        entries.iter_mut().filter(|(date, e)| LessonFacts::of(*date, e).place() == *place);
    let only = found.next().expect("the lesson is there");
    assert!(found.next().is_none(), "there are two lessons at {place:?}");
    &mut only.1
}

/// Puts a change of what stands in a lesson.
fn put(entries: &mut [(NaiveDate, DiaryEntry)], change: &Change) {
    match change {
        Change::TopicChanged { lesson, old, new } => {
            assert_eq!(core::mem::replace(&mut the_one(entries, lesson).topic, new.clone()), *old);
        }
        Change::HomeworkNew { lesson, homework, individual } => {
            change_homework(the_one(entries, lesson), *individual, None, Some(homework));
        }
        Change::HomeworkChanged { lesson, old, new, individual } => {
            change_homework(the_one(entries, lesson), *individual, Some(old), Some(new));
        }
        Change::HomeworkRemoved { lesson, homework, individual } => {
            change_homework(the_one(entries, lesson), *individual, Some(homework), None);
        }
        Change::MarkNew { lesson, mark } => the_one(entries, lesson).marks.push(mark.clone()),
        Change::MarkChanged { lesson, old, new } => {
            let marks = &mut the_one(entries, lesson).marks;
            let at = marks.iter().position(|mark| mark == old).expect("the mark is there");
            marks[at] = new.clone();
        }
        Change::MarkRemoved { lesson, mark } => {
            let marks = &mut the_one(entries, lesson).marks;
            let at = marks.iter().position(|there| there == mark).expect("the mark is there");
            marks.remove(at);
        }
        Change::DebtClosed { lesson, mark, old, by } => {
            close(&mut the_one(entries, lesson).marks, mark, old.as_ref(), Some(by));
        }
        Change::DebtReopened { lesson, mark, by } => {
            close(&mut the_one(entries, lesson).marks, mark, Some(by), None);
        }
        Change::AttendanceSet { lesson, attendance } => {
            assert_eq!(the_one(entries, lesson).attendance.replace(attendance.clone()), None);
        }
        Change::AttendanceChanged { lesson, old, new } => {
            assert_eq!(
                the_one(entries, lesson).attendance.replace(new.clone()).as_ref(),
                Some(old)
            );
        }
        Change::AttendanceRemoved { lesson, attendance } => {
            assert_eq!(the_one(entries, lesson).attendance.take().as_ref(), Some(attendance));
        }
        Change::RemarkNew { lesson, remark } => {
            the_one(entries, lesson).remarks.push(remark.clone());
        }
        Change::RemarkChanged { lesson, old, new } => {
            let remarks = &mut the_one(entries, lesson).remarks;
            let at = remarks.iter().position(|remark| remark == old).expect("the remark is there");
            remarks[at] = new.clone();
        }
        Change::RemarkRemoved { lesson, remark } => {
            let remarks = &mut the_one(entries, lesson).remarks;
            let at = remarks.iter().position(|there| there == remark).expect("the remark is there");
            remarks.remove(at);
        }
        _ => {}
    }
}

/// Gives a debt what closes it.
fn close(
    marks: &mut [DiaryMark],
    debt: &DiaryMark,
    old: Option<&DebtClosing>,
    new: Option<&DebtClosing>,
) {
    assert!(debt.value.is_debt() && debt.closed_by.is_none());
    let was = DiaryMark { closed_by: old.cloned(), ..debt.clone() };
    let debt = marks.iter_mut().find(|there| **there == was).expect("the debt is there");
    debt.closed_by = new.cloned();
}

fn change_homework(
    entry: &mut DiaryEntry,
    individual: bool,
    old: Option<&DiaryHomework>,
    new: Option<&DiaryHomework>,
) {
    let mut all: Vec<_> = if individual {
        core::mem::take(&mut entry.individual_homework)
    } else {
        entry.homework.take().into_iter().collect()
    };
    if let Some(old) = old {
        let at = all.iter().position(|there| there == old).expect("the homework is there");
        all.remove(at);
    }
    all.extend(new.cloned());
    if individual {
        entry.individual_homework = all;
    } else {
        assert!(all.len() <= 1, "two homeworks for everybody");
        entry.homework = all.pop();
    }
}

/// The entries as changes speak of them: in one order, marks without identifiers, and
/// without `filled`, which follows from the topic.
pub(super) fn spoken_of(entries: &[(NaiveDate, DiaryEntry)]) -> Vec<String> {
    let told = entries.iter().map(|(date, entry)| {
        let mut entry = DiaryEntry { filled: false, ..entry.clone() };
        for mark in &mut entry.marks {
            mark.id = MarkId(Uuid::nil());
            mark.closed_by.iter_mut().for_each(|by| by.mark = mark.id);
        }
        let in_order = |json: Vec<String>| {
            let mut json = json;
            json.sort();
            json
        };
        let marks = entry.marks.drain(..).map(|mark| serde_json::to_string(&mark).unwrap());
        let marks = in_order(marks.collect());
        let own = entry.individual_homework.drain(..);
        let own = in_order(own.map(|own| serde_json::to_string(&own).unwrap()).collect());
        let remarks = in_order(entry.remarks.drain(..).map(|remark| remark.text).collect());
        let entry = serde_json::to_string(&entry).unwrap();
        format!("{date} {entry} {marks:?} {own:?} {remarks:?}")
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

fn subject() -> impl Strategy<Value = String> {
    prop::sample::select(&["Физика", "Химия"][..]).prop_map(Into::into)
}

fn text() -> impl Strategy<Value = String> {
    prop::sample::select(&["а", "б"][..]).prop_map(Into::into)
}

fn some_homework() -> impl Strategy<Value = DiaryHomework> {
    (text(), option::of(Just(day("2024-09-20")))).prop_map(|(text, due)| DiaryHomework {
        text,
        due,
        materials: Vec::new(),
    })
}

fn some_marks() -> impl Strategy<Value = Vec<DiaryMark>> {
    let value = prop::sample::select(&["5", "4", ".", "."][..]);
    let by = option::of((0_u128..2, prop::sample::select(&["4", "зачёт"][..])));
    vec((0_u128..6, value, text(), by), 0..4).prop_map(|marks| {
        let mut ids = BTreeSet::new();
        let marks = marks.into_iter().filter(|(id, ..)| ids.insert(*id));
        let mark = |(id, value, title, by): (u128, &str, String, Option<(u128, &str)>)| {
            let mark = diary_mark(id, value, &title);
            let closed_by = by.filter(|_| mark.value.is_debt()).map(|(id, value)| DebtClosing {
                mark: MarkId(Uuid::from_u128(10 + id)),
                date: day("2024-09-23"),
                value: value.parse().unwrap(),
            });
            DiaryMark { closed_by, ..mark }
        };
        marks.map(mark).collect()
    })
}

prop_compose! {
    fn some_entry()(
        id in option::of(0_usize..6), number in 1_u8..4, subject in subject(), room in text(),
        instead_of in option::weighted(0.2, subject()),
        cancelled in any::<bool>(), topic in option::of(text()),
        homework in option::of(some_homework()), own in vec(some_homework(), 0..3),
        marks in some_marks(),
        attendance in option::of(prop::sample::select(&[AttendanceClass::Ill, AttendanceClass::Late][..])),
        remarks in vec(text(), 0..3),
    ) -> DiaryEntry {
        DiaryEntry {
            room, instead_of, cancelled, topic, homework, marks,
            individual_homework: own,
            attendance: attendance.map(|class| DiaryAttendance { code: "код".into(), class }),
            remarks: remarks.iter().map(|text| diary_remark(text)).collect(),
            ..entry(id, number, &subject)
        }
    }
}

/// Entries of three days; no identifier stands twice, nor a planned subject in one hour.
fn reading() -> impl Strategy<Value = Vec<(NaiveDate, DiaryEntry)>> {
    let date = prop::sample::select(&["2024-09-16", "2024-09-17", "2024-09-18"][..]);
    vec((date.prop_map(day), some_entry()), 0..8).prop_map(|entries| {
        let mut seen = BTreeSet::new();
        let is_new = |(date, e): &(NaiveDate, DiaryEntry)| match e.lesson {
            Some(id) => seen.insert((Some(id), None)),
            None => seen.insert((None, Some((*date, e.number, e.subject.clone())))),
        };
        entries.into_iter().filter(is_new).collect()
    })
}

pub(super) type Entries = Vec<(NaiveDate, DiaryEntry)>;

/// A reading and a later one, in which some entries are as they were.
pub(super) fn readings() -> impl Strategy<Value = (Entries, Entries)> {
    (reading(), reading(), vec(any::<bool>(), 8)).prop_map(|(before, mut after, kept)| {
        for ((date, old), kept) in before.iter().zip(kept) {
            let same =
                after.iter().position(|(_, new)| new.lesson.is_some() && new.lesson == old.lesson);
            if let Some(at) = same.filter(|_| kept) {
                after[at] = (*date, old.clone());
            }
        }
        (before, after)
    })
}

/// What the calendar says of the three days.
pub(super) fn calendar() -> impl Strategy<Value = Vec<DayFacts>> {
    let kind = prop::sample::select(&[DayKind::Ordinary, DayKind::Holiday, DayKind::Vacation][..]);
    vec((kind, option::of(text())).prop_map(|(kind, name)| DayFacts { kind, name }), 3)
}

pub(super) fn on_days(mut diary: Diary, calendar: &[DayFacts]) -> Diary {
    for (day, facts) in diary.days.iter_mut().zip(calendar) {
        (day.kind, day.name) = (facts.kind.clone(), facts.name.clone());
    }
    diary
}

/// Puts changes back into the calendar they came from.
pub(super) fn apply_to_days(before: &[DayFacts], changes: &[Change]) -> Vec<DayFacts> {
    let mut calendar = before.to_vec();
    for change in changes {
        if let Change::DayChanged { date, old, new } = change {
            let at = usize::try_from((*date - day(RANGE.0)).num_days()).unwrap();
            assert_eq!(calendar[at], *old);
            calendar[at] = new.clone();
        }
    }
    calendar
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn changes_put_back_make_the_later_reading(
        (before, after) in readings(), old in calendar(), new in calendar(),
    ) {
        let changes = changes(
            &on_days(diary(RANGE.0, RANGE.1, before.clone()), &old),
            &on_days(diary(RANGE.0, RANGE.1, after.clone()), &new),
        );
        prop_assert_eq!(spoken_of(&apply(&before, &changes)), spoken_of(&after));
        prop_assert_eq!(apply_to_days(&old, &changes), new);
    }

    #[test]
    fn nothing_changes_between_a_reading_and_itself(entries in reading()) {
        let diary = diary(RANGE.0, RANGE.1, entries);
        prop_assert_eq!(changes(&diary, &diary), []);
    }

    #[test]
    fn changes_stand_by_day_and_number(
        (before, after) in readings(), old in calendar(), new in calendar(),
    ) {
        let changes = changes(
            &on_days(diary(RANGE.0, RANGE.1, before), &old),
            &on_days(diary(RANGE.0, RANGE.1, after), &new),
        );
        let hours: Vec<_> = changes.iter().map(|change| {
            let json = serde_json::to_value(change).unwrap();
            let of_day = json.get("date").map(|_| &json);
            let lesson = of_day.or(json.get("lesson")).or(json.get("new")).unwrap();
            (lesson["date"].to_string(), lesson["number"].as_u64())
        }).collect();
        prop_assert!(hours.is_sorted(), "{hours:?}");
        for change in &changes {
            let json = serde_json::to_string(change).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Change>(&json).unwrap(), change);
        }
    }

    /// But for debts: one that comes closed is told twice, one that goes is gone with what closed it.
    #[test]
    fn the_way_back_has_as_many_changes((before, after) in readings()) {
        let (before, after) = (diary(RANGE.0, RANGE.1, before), diary(RANGE.0, RANGE.1, after));
        let count = |changes: Vec<Change>| {
            changes.iter().filter(|change| !change.kind().starts_with("debt_")).count()
        };
        prop_assert_eq!(count(changes(&before, &after)), count(changes(&after, &before)));
    }
}
