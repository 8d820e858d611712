//! The rules once more, word for word and without any index, over small random journals.

use alloc::{collections::BTreeSet, string::String};

use chrono::{Days, Weekday};
use proptest::{collection::vec, option, prelude::*};

use super::*;
use crate::{
    calendar::{DayKind, Term, TermKind, school_day},
    journal::{FinalKind, FinalMark, Mean, Weight},
};

const SUBJECTS: [&str; 3] = ["Физика", "Химия", "Английский язык"];

/// Whether a lesson somewhere is the pupil's.
fn is_own(
    slice: &DiarySlice,
    class: ClassId,
    group: Option<&Subgroup>,
    subject: &str,
    instead_of: Option<&str>,
    date: NaiveDate,
) -> bool {
    let stays = slice.stays.iter().filter(|s| s.pupil == slice.pupil && s.class == class);
    if !stays.into_iter().any(|s| s.holds_on(date)) {
        return false;
    }
    let Some(group) = group else { return true };
    let divided_for = instead_of.unwrap_or(subject);
    let holding: Vec<_> = slice
        .subgroups
        .iter()
        .filter(|m| m.pupil == slice.pupil && m.class == class && m.holds_on(date))
        .collect();
    let naming: Vec<_> =
        holding.iter().filter(|m| m.subject.as_deref() == Some(divided_for)).collect();
    if naming.is_empty() {
        holding.iter().any(|m| m.subject.is_none() && m.subgroup == *group)
    } else {
        naming.iter().any(|m| m.subgroup == *group)
    }
}

fn own_lessons(slice: &DiarySlice) -> Vec<&Lesson> {
    let own = |l: &&Lesson| {
        let instead_of = l.instead_of.as_deref();
        is_own(slice, l.class, l.subgroup.as_ref(), &l.subject, instead_of, l.date)
    };
    let mut lessons: Vec<_> = slice.lessons.iter().filter(own).collect();
    lessons.sort_by_key(|l| (l.date, l.number));
    lessons
}

fn ordinary(slice: &DiarySlice, date: NaiveDate) -> bool {
    school_day(&slice.calendar, date).kind == DayKind::Ordinary
}

/// The day of the pupil's next lesson of the subject.
fn next(slice: &DiarySlice, from: &Lesson) -> Option<NaiveDate> {
    let later = own_lessons(slice).into_iter().filter(|l| {
        l.subject == from.subject && !l.cancelled && (l.date, l.number) > (from.date, from.number)
    });
    let upcoming = slice.upcoming.iter().filter(|l| {
        let instead_of = l.instead_of.as_deref();
        l.subject == from.subject
            && l.date > from.date
            && is_own(slice, l.class, l.subgroup.as_ref(), &l.subject, instead_of, l.date)
    });
    let days = later.map(|l| l.date).chain(upcoming.map(|l| l.date));
    days.filter(|date| ordinary(slice, *date)).min()
}

fn due(slice: &DiarySlice, lesson: &Lesson, homework: &Homework) -> DiaryHomework {
    DiaryHomework {
        text: homework.text.clone(),
        due: homework.due.or_else(|| next(slice, lesson)),
        materials: homework.materials.clone(),
    }
}

fn marks(slice: &DiarySlice, lesson: &Lesson) -> Vec<DiaryMark> {
    let mine = slice.marks.iter().filter(|m| m.pupil == slice.pupil && m.lesson == lesson.id);
    let mut mine: Vec<_> = mine.collect();
    mine.sort_by_key(|mark| mark.id);
    let with_work = mine.into_iter().map(|mark| {
        let work = slice.works.iter().find(|work| work.id == mark.work);
        DiaryMark {
            id: mark.id,
            value: mark.value.clone(),
            work: work.map_or(WorkKind(String::new()), |work| work.kind.clone()),
            title: work.map_or(String::new(), |work| work.title.clone()),
            weight: work.map_or(Weight::ONE, |work| work.weight),
            comment: mark.comment.clone(),
        }
    });
    with_work.collect()
}

fn individual(slice: &DiarySlice, lesson: &Lesson) -> Vec<DiaryHomework> {
    let rows = slice.individual_homework.iter();
    let mine = rows.filter(|row| row.pupil == slice.pupil && row.lesson == lesson.id);
    mine.map(|row| due(slice, lesson, &row.homework)).collect()
}

fn attendance(slice: &DiarySlice, lesson: &Lesson) -> Option<DiaryAttendance> {
    let mut rows = slice.attendance.iter();
    let row = rows.find(|row| row.pupil == slice.pupil && row.lesson == lesson.id)?;
    Some(DiaryAttendance { code: row.code.clone(), class: row.class.clone() })
}

fn naive_compose(slice: &DiarySlice, range: DateRange) -> Diary {
    let bell = |number: u8| slice.bells.iter().find(|bell| bell.number == number);
    let mut days = Vec::new();
    for date in range.days() {
        let day = school_day(&slice.calendar, date);
        let mut entries = Vec::new();
        if day.kind == DayKind::Ordinary {
            for lesson in own_lessons(slice).into_iter().filter(|l| l.date == date) {
                entries.push(DiaryEntry {
                    lesson: Some(lesson.id),
                    number: lesson.number,
                    begins: bell(lesson.number).map(|b| b.begins),
                    ends: bell(lesson.number).map(|b| b.ends),
                    subject: lesson.subject.clone(),
                    teacher: lesson.teacher.clone(),
                    room: lesson.room.clone(),
                    planned: false,
                    instead_of: lesson.instead_of.clone(),
                    cancelled: lesson.cancelled,
                    distant: lesson.distant,
                    filled: lesson.topic.is_some() || lesson.cancelled,
                    topic: lesson.topic.clone(),
                    homework: lesson.homework.as_ref().map(|h| due(slice, lesson, h)),
                    individual_homework: individual(slice, lesson),
                    marks: marks(slice, lesson),
                    attendance: attendance(slice, lesson),
                });
            }
            for lesson in &slice.timetable {
                let ends = slice.journal_ends.iter().filter(|end| end.class == lesson.class);
                let rows = slice.lessons.iter().filter(|row| row.class == lesson.class);
                let end = ends.map(|end| end.date).chain(rows.map(|row| row.date)).max();
                let beyond = end.is_none_or(|end| date > end);
                let group = lesson.subgroup.as_ref();
                if beyond
                    && Some(lesson.weekday) == day.timetable
                    && is_own(slice, lesson.class, group, &lesson.subject, None, date)
                {
                    entries.push(DiaryEntry {
                        lesson: None,
                        number: lesson.number,
                        begins: bell(lesson.number).map(|b| b.begins),
                        ends: bell(lesson.number).map(|b| b.ends),
                        subject: lesson.subject.clone(),
                        teacher: lesson.teacher.clone(),
                        room: lesson.room.clone(),
                        planned: true,
                        instead_of: None,
                        cancelled: false,
                        distant: false,
                        filled: false,
                        topic: None,
                        homework: None,
                        individual_homework: Vec::new(),
                        marks: Vec::new(),
                        attendance: None,
                    });
                }
            }
            entries.sort_by_key(|entry| entry.number);
        }
        days.push(DiaryDay { date, kind: day.kind, name: day.name.map(Into::into), entries });
    }
    Diary { pupil: slice.pupil, range, days }
}

fn naive_summary(slice: &TermSlice, term: &Term) -> TermSummary {
    let diary = &slice.diary;
    let own: Vec<_> =
        own_lessons(diary).into_iter().filter(|l| term.days.contains(l.date)).collect();
    let finals: Vec<_> = slice
        .finals
        .iter()
        .filter(|f| f.pupil == diary.pupil && f.kind == FinalKind::Term && f.term == term.name)
        .collect();
    let names: BTreeSet<_> =
        own.iter().map(|l| &l.subject).chain(finals.iter().map(|f| &f.subject)).collect();
    let subjects = names.into_iter().map(|subject| {
        let lessons: Vec<_> = own.iter().filter(|l| l.subject == *subject).collect();
        let held: Vec<_> = lessons.iter().filter(|l| ordinary(diary, l.date)).collect();
        let marked: Vec<_> = lessons
            .iter()
            .flat_map(|l| marks(diary, l).into_iter().map(|mark| MarkedWork { date: l.date, mark }))
            .collect();
        let homework = lessons.iter().flat_map(|l| {
            let line = |individual| {
                move |h: DiaryHomework| HomeworkLine {
                    date: l.date,
                    text: h.text,
                    due: h.due,
                    individual,
                }
            };
            let for_all = l.homework.iter().map(|h| due(diary, l, h)).map(line(false));
            for_all.chain(individual(diary, l).into_iter().map(line(true))).collect::<Vec<_>>()
        });
        let mut totals = AttendanceTotals::default();
        lessons.iter().filter_map(|l| attendance(diary, l)).for_each(|a| totals.count(&a.class));
        let counted = marked.iter().filter_map(|m| Some((m.mark.value.points()?, m.mark.weight)));
        let mark_writes = diary
            .marks
            .iter()
            .filter(|m| m.pupil == diary.pupil && lessons.iter().any(|l| l.id == m.lesson));
        let writes = lessons.iter().map(|l| l.written_at).chain(mark_writes.map(|m| m.written_at));
        SubjectSummary {
            subject: subject.clone(),
            topics: lessons
                .iter()
                .filter_map(|l| Some(TopicLine { date: l.date, topic: l.topic.clone()? }))
                .collect(),
            homework: homework.collect(),
            mean: Mean::of(counted),
            finals: finals.iter().filter(|f| f.subject == *subject).copied().cloned().collect(),
            attendance: totals,
            debts: marked.iter().filter(|m| m.mark.value.is_debt()).count() as u32,
            unfilled: held.iter().filter(|l| !l.is_filled()).count() as u32,
            lessons: held.iter().filter(|l| !l.cancelled).count() as u32,
            last_write: writes.max(),
            marks: marked,
        }
    });
    let subjects: Vec<_> = subjects.collect();
    let mut attendance = AttendanceTotals::default();
    subjects.iter().for_each(|s| attendance += s.attendance);
    TermSummary {
        pupil: diary.pupil,
        term: term.clone(),
        attendance,
        debts: subjects.iter().map(|s| s.debts).sum(),
        unfilled: subjects.iter().map(|s| s.unfilled).sum(),
        subjects,
    }
}

/// A day of the four weeks from 16 September.
fn date() -> impl Strategy<Value = NaiveDate> {
    (0_u64..28).prop_map(|n| day("2024-09-16") + Days::new(n))
}

fn days() -> impl Strategy<Value = DateRange> {
    (date(), 0_u64..12).prop_map(|(from, n)| DateRange::new(from, from + Days::new(n)).unwrap())
}

fn group() -> impl Strategy<Value = Option<Subgroup>> {
    prop_oneof![2 => Just(""), 1 => Just("1"), 1 => Just("2")].prop_map(subgroup)
}

fn subject() -> impl Strategy<Value = String> {
    prop::sample::select(&SUBJECTS[..]).prop_map(Into::into)
}

fn pupil() -> impl Strategy<Value = AccountId> {
    prop_oneof![6 => Just(PUPIL), 1 => Just(CLASSMATE)]
}

fn weekday() -> impl Strategy<Value = Weekday> {
    (0_u8..7).prop_map(|n| Weekday::try_from(n).unwrap())
}

/// Mostly open at both ends, so that most lessons are the pupil's.
fn while_there() -> impl Strategy<Value = (NaiveDate, Option<NaiveDate>)> {
    let from = prop_oneof![2 => Just(day("2024-09-01")), 1 => date()];
    (from, option::weighted(0.4, 0_u64..25))
        .prop_map(|(from, n)| (from, n.map(|n| from + Days::new(n))))
}

fn some_homework() -> impl Strategy<Value = Homework> {
    (option::weighted(0.2, date()), 0_u8..9)
        .prop_map(|(due, n)| Homework { due, ..homework(&alloc::format!("§ {n}")) })
}

fn lessons() -> impl Strategy<Value = Vec<Lesson>> {
    let key = (1_u8..=2, group(), date(), 1_u8..=4, subject());
    let rest = (
        option::weighted(0.2, subject()),
        prop::bool::weighted(0.2),
        option::weighted(0.7, Just("Сила")),
        option::weighted(0.6, some_homework()),
        0_i64..1_000,
    );
    vec((key, rest), 0..25).prop_map(|rows| {
        let lesson = |(n, (key, rest))| {
            let (class_number, group, date, number, subject): (_, _, _, _, String) = key;
            let (instead_of, cancelled, topic, homework, written): (_, _, Option<&str>, _, _) =
                rest;
            Lesson {
                // Identifiers are not in the order of days.
                id: lesson_id(n * 7 % 25),
                class: class(class_number),
                subgroup: group,
                date,
                instead_of,
                cancelled,
                topic: topic.map(Into::into),
                homework,
                written_at: DateTime::from_timestamp(1_700_000_000 + written, 0).unwrap(),
                ..super::lesson(n, "2024-09-16", number, &subject)
            }
        };
        rows.into_iter().enumerate().map(lesson).collect()
    })
}

prop_compose! {
    fn journal()(
        stays in vec((pupil(), 1_u8..=2, while_there()), 1..4),
        subgroups in vec((pupil(), 1_u8..=2, option::of(subject()), "[12]", while_there()), 0..5),
        calendar in vec(
            (days(), prop_oneof![
                Just(CalendarRule::Vacation),
                Just(CalendarRule::Holiday),
                weekday().prop_map(CalendarRule::Working),
            ]),
            0..3,
        ),
        timetable in vec((1_u8..=2, group(), weekday(), 1_u8..=4, subject()), 0..10),
        journal_ends in vec((1_u8..=2, date()), 0..3),
        lessons in lessons(),
        upcoming in vec((1_u8..=2, group(), subject(), option::weighted(0.2, subject()), date()), 0..8),
    )(
        works in vec(any::<prop::sample::Index>(), 0..6),
        marks in vec(
            (pupil(), any::<prop::sample::Index>(), 0_u128..8, prop::sample::select(&["5", "4-", "2", ".", "н/а"][..]), 0_i64..1_000),
            0..12,
        ),
        attendance in vec((pupil(), any::<prop::sample::Index>(), 0_usize..6), 0..6),
        individual in vec((pupil(), any::<prop::sample::Index>(), some_homework()), 0..5),
        stays in Just(stays), subgroups in Just(subgroups), calendar in Just(calendar),
        timetable in Just(timetable), journal_ends in Just(journal_ends),
        lessons in Just(lessons), upcoming in Just(upcoming),
    ) -> DiarySlice {
        let template = lesson(99, "2024-09-16", 1, "Физика");
        // A row may stand in a lesson the slice does not hold.
        let find = |index: &prop::sample::Index| {
            lessons.get(index.index(lessons.len() + 1)).unwrap_or(&template).clone()
        };
        let marks = marks.iter().enumerate().map(|(n, (pupil, lesson, work, value, written))| Mark {
            id: MarkId(Uuid::from_u128(n as u128 * 5 % 12)),
            pupil: *pupil,
            work: WorkId(Uuid::from_u128(*work)),
            written_at: DateTime::from_timestamp(1_700_000_000 + written, 0).unwrap(),
            ..mark(n, &find(lesson), value, "1").1
        });
        let works = works.iter().enumerate().map(|(n, lesson)| Work {
            id: WorkId(Uuid::from_u128(n as u128)),
            ..mark(n, &find(lesson), "5", ["1", "2.5", "3"][n % 3]).0
        });
        use AttendanceClass::{Excused, Ill, Late, Present, Unexcused, Unspecified};
        let classes = [Late, Ill, Excused, Unexcused, Unspecified, Present];
        DiarySlice {
            stays: stays.into_iter().map(|(pupil, n, (from, to))| Stay { pupil, class: class(n), from, to }).collect(),
            subgroups: subgroups.into_iter().map(|(pupil, n, subject, name, (from, to))| SubgroupMembership {
                pupil, class: class(n), subject, subgroup: Subgroup(name), from, to,
            }).collect(),
            calendar: calendar.into_iter().map(|(days, rule)| CalendarSpan { days, rule, name: "название".into() }).collect(),
            timetable: timetable.into_iter().map(|(n, group, weekday, number, subject)| TimetableLesson {
                class: class(n), subgroup: group, weekday, ..planned("Mon", number, &subject)
            }).collect(),
            journal_ends: journal_ends.into_iter().map(|(n, date)| JournalEnd { class: class(n), date }).collect(),
            upcoming: upcoming.into_iter().map(|(n, group, subject, instead_of, date)| UpcomingLesson {
                class: class(n), subgroup: group, subject, instead_of, date,
            }).collect(),
            works: works.collect(),
            marks: marks.collect(),
            attendance: attendance.iter().map(|(pupil, lesson, n)| Attendance {
                pupil: *pupil, ..absence(&find(lesson), "код", classes[*n].clone())
            }).collect(),
            individual_homework: individual.iter().map(|(pupil, lesson, homework)| IndividualHomework {
                pupil: *pupil, lesson: find(lesson).id, homework: homework.clone(),
            }).collect(),
            ..slice(lessons.clone())
        }
    }
}

fn finals() -> impl Strategy<Value = Vec<FinalMark>> {
    let kind = prop::sample::select(FinalKind::KNOWN);
    let term = prop::sample::select(&["1 четверть", "2 четверть"][..]);
    vec((pupil(), subject(), kind, term), 0..5).prop_map(|rows| {
        let mark = |(pupil, subject, kind, term): (_, _, _, &str)| FinalMark {
            pupil,
            subject,
            kind,
            term: term.into(),
            year: 2024,
            value: "4".parse().unwrap(),
        };
        rows.into_iter().map(mark).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn days_are_what_the_rules_say(slice in journal(), range in days()) {
        let expected = naive_compose(&slice, range);
        prop_assert_eq!(compose(slice, range), expected);
    }

    #[test]
    fn terms_are_what_the_rules_say(diary in journal(), finals in finals(), days in days()) {
        let term = Term { grade: 7, name: "1 четверть".into(), kind: TermKind::Quarter, days };
        let slice = TermSlice { diary, finals };
        let expected = naive_summary(&slice, &term);
        prop_assert_eq!(summarise(slice, &term), expected);
    }

    #[test]
    fn a_part_of_a_diary_is_the_diary_of_that_part(slice in journal(), range in days()) {
        let whole = DateRange::new(day("2024-09-01"), day("2024-10-31")).unwrap();
        let mut of_whole = compose(slice.clone(), whole).days;
        of_whole.retain(|day| range.contains(day.date));
        prop_assert_eq!(compose(slice, range).days, of_whole);
    }

    #[test]
    fn the_order_of_rows_that_have_one_does_not_matter(
        (slice, shuffled) in journal().prop_flat_map(|mut slice| {
            // Two lessons of one hour stand as they came; so let there be none.
            slice.lessons.sort_by_key(|l| (l.date, l.number));
            slice.lessons.dedup_by_key(|l| (l.date, l.number));
            let rows = (
                Just(slice.lessons.clone()).prop_shuffle(),
                Just(slice.marks.clone()).prop_shuffle(),
                Just(slice.works.clone()).prop_shuffle(),
                Just(slice.upcoming.clone()).prop_shuffle(),
                Just(slice.stays.clone()).prop_shuffle(),
                Just(slice.subgroups.clone()).prop_shuffle(),
            );
            (Just(slice), rows)
        }),
    ) {
        let (lessons, marks, works, upcoming, stays, subgroups) = shuffled;
        let other = DiarySlice { lessons, marks, works, upcoming, stays, subgroups, ..slice.clone() };
        let whole = DateRange::new(day("2024-09-01"), day("2024-10-31")).unwrap();
        prop_assert_eq!(compose(slice, whole), compose(other, whole));
    }

    #[test]
    fn the_wire_gives_back_what_it_was_given(slice in journal(), range in days()) {
        let json = serde_json::to_string(&slice).unwrap();
        prop_assert_eq!(&serde_json::from_str::<DiarySlice>(&json).unwrap(), &slice);
        let diary = compose(slice.clone(), range);
        let json = serde_json::to_string(&diary).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Diary>(&json).unwrap(), &diary);
        let term = Term { grade: 7, name: "1 четверть".into(), kind: TermKind::Quarter, days: range };
        let summary = summarise(TermSlice { diary: slice, finals: Vec::new() }, &term);
        let json = serde_json::to_string(&summary).unwrap();
        prop_assert_eq!(serde_json::from_str::<TermSummary>(&json).unwrap(), summary);
    }
}
