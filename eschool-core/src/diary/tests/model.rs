//! The rules once more, word for word and without any index, over small random journals.

use alloc::collections::BTreeSet;

use chrono::{Days, Weekday};
use proptest::{collection::vec, option, prelude::*};

use super::*;
use crate::{
    calendar::{DayKind, Term, TermKind, school_day},
    journal::{FinalKind, FinalMark, MarkValue, Material, Mean, Points, Sign, Weight},
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

/// A topic says something: it has a sign that is no space.
fn topic(lesson: &Lesson) -> Option<String> {
    lesson.topic.clone().filter(|topic| topic.chars().any(|c| !c.is_whitespace()))
}

fn is_filled(lesson: &Lesson) -> bool {
    lesson.cancelled || topic(lesson).is_some()
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
            closed_by: closing(slice, mark.id),
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

fn remarks(slice: &DiarySlice, lesson: &Lesson) -> Vec<DiaryRemark> {
    let mine = slice.remarks.iter().filter(|r| r.pupil == slice.pupil && r.lesson == lesson.id);
    mine.map(|row| DiaryRemark { text: row.text.clone() }).collect()
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
                    filled: is_filled(lesson),
                    topic: topic(lesson),
                    homework: lesson.homework.as_ref().map(|h| due(slice, lesson, h)),
                    individual_homework: individual(slice, lesson),
                    marks: marks(slice, lesson),
                    attendance: attendance(slice, lesson),
                    remarks: remarks(slice, lesson),
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
                        remarks: Vec::new(),
                    });
                }
            }
            entries.sort_by_key(|entry| entry.number);
        }
        days.push(DiaryDay { date, kind: day.kind, name: day.name.map(Into::into), entries });
    }
    Diary { pupil: slice.pupil, range, days }
}

/// What a mark counts, in hundredths.
fn worth(grading: Grading, value: &MarkValue) -> Option<u64> {
    let MarkValue::Points(points, sign) = value else { return None };
    let (plain, sign_counts) = (i64::from(points.get()) * 100, i64::from(grading.sign()));
    let worth = match sign {
        None => plain,
        Some(Sign::Plus) => plain + sign_counts,
        Some(Sign::Minus) => plain - sign_counts,
    };
    Some(worth.clamp(100, 500).unsigned_abs())
}

/// The mark that comes of a mean: the best whose threshold it reaches as it is, or as it is shown.
fn comes_to(grading: Grading, mean: Mean) -> u8 {
    let reaches = |points: &u8| {
        let threshold = u64::from(grading.threshold(Points::try_from(*points).unwrap()));
        if grading.is_in_favour() {
            mean.to_string().replace('.', "").parse::<u64>().unwrap() >= threshold
        } else {
            mean.sum() * 100 >= threshold * mean.weights()
        }
    };
    (2..=5).rev().find(reaches).unwrap_or(1)
}

/// What closed a debt of the pupil.
fn closing(slice: &DiarySlice, debt: MarkId) -> Option<DebtClosing> {
    let mine = || slice.marks.iter().filter(|mark| mark.pupil == slice.pupil);
    let debt = mine().find(|mark| mark.id == debt).unwrap();
    if debt.value.to_string() != "." {
        return None;
    }
    let later = mine().filter(|mark| {
        let closes = match mark.value.to_string().as_str() {
            "." | "незачёт" | "н/а" => false,
            "зачёт" | "осв" => true,
            points => points.starts_with(|c: char| c.is_ascii_digit()),
        };
        let (owed, given) = (day_of(slice, debt), day_of(slice, mark));
        let later = given > owed || (given == owed && mark.written_at > debt.written_at);
        mark.work == debt.work && later && closes
    });
    let first = later.min_by_key(|mark| (day_of(slice, mark), mark.written_at, mark.id))?;
    let (mark, date, value) = (first.id, day_of(slice, first), first.value.clone());
    Some(DebtClosing { mark, date, value })
}

/// The day of the lesson a mark stands in; what the mark itself says, if the slice has no such
/// lesson.
fn day_of(slice: &DiarySlice, mark: &Mark) -> NaiveDate {
    let lesson = slice.lessons.iter().find(|lesson| lesson.id == mark.lesson);
    lesson.map_or(mark.date, |lesson| lesson.date)
}

fn words<'a>(values: impl Iterator<Item = &'a MarkValue>) -> WordTotals {
    let mut words = WordTotals::default();
    for value in values {
        match value.to_string().as_str() {
            "зачёт" => words.passed += 1,
            "незачёт" => words.failed += 1,
            "н/а" => words.not_assessed += 1,
            "осв" => words.exempt += 1,
            _ => {}
        }
    }
    words
}

fn naive_summary(slice: &TermSlice, term: &Term) -> TermSummary {
    let (diary, grading) = (&slice.diary, slice.grading);
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
            .flat_map(|l| marks(diary, l).into_iter().map(|mark| (l.date, mark)))
            .map(|(date, mark)| MarkedWork { date, mark })
            .collect();
        let homework = lessons.iter().flat_map(|l| {
            let line = |individual| {
                move |h: DiaryHomework| HomeworkLine {
                    date: l.date,
                    text: h.text,
                    due: h.due,
                    individual,
                    materials: h.materials,
                }
            };
            let for_all = l.homework.iter().map(|h| due(diary, l, h)).map(line(false));
            for_all.chain(individual(diary, l).into_iter().map(line(true))).collect::<Vec<_>>()
        });
        let mut totals = AttendanceTotals::default();
        let to_be_held = held.iter().filter(|l| !l.cancelled);
        let recorded = to_be_held.filter_map(|l| attendance(diary, l));
        recorded.for_each(|a| totals.count(&a.class));
        let (mut sum, mut weights) = (0, 0);
        for marked in &marked {
            if let Some(worth) = worth(grading, &marked.mark.value) {
                sum += worth * u64::from(marked.mark.weight.hundredths());
                weights += 100 * u64::from(marked.mark.weight.hundredths());
            }
        }
        let mean = Mean::from_ratio(sum, weights).ok();
        let finals: Vec<FinalMark> =
            finals.iter().filter(|f| f.subject == *subject).copied().cloned().collect();
        let closing = finals.first().and_then(|mark| mark.value.points());
        let against = closing.zip(mean).map(|(closing, mean)| FinalAgainstMean {
            final_points: closing,
            mean: Points::try_from(comes_to(grading, mean)).unwrap(),
        });
        let mark_writes = diary
            .marks
            .iter()
            .filter(|m| m.pupil == diary.pupil && lessons.iter().any(|l| l.id == m.lesson));
        let writes = lessons.iter().map(|l| l.written_at).chain(mark_writes.map(|m| m.written_at));
        SubjectSummary {
            subject: subject.clone(),
            topics: lessons
                .iter()
                .filter_map(|l| Some(TopicLine { date: l.date, topic: topic(l)? }))
                .collect(),
            homework: homework.collect(),
            mean,
            finals,
            attendance: totals,
            debts: marked
                .iter()
                .filter(|m| m.mark.value.to_string() == "." && m.mark.closed_by.is_none())
                .count() as u32,
            unfilled: held.iter().filter(|l| !is_filled(l)).count() as u32,
            lessons: held.iter().filter(|l| !l.cancelled).count() as u32,
            last_write: writes.max(),
            words: words(marked.iter().map(|m| &m.mark.value)),
            final_against_mean: against.filter(|against| against.final_points != against.mean),
            grading,
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
        words: words(subjects.iter().flat_map(|s| &s.marks).map(|m| &m.mark.value)),
        final_words: words(finals.iter().map(|f| &f.value)),
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
    (option::weighted(0.2, date()), 0_u8..9).prop_map(|(due, n)| {
        let sheet =
            || Material { name: format!("Карточка № {n}"), link: format!("/{n}.pdf") };
        let materials = (0..n % 3).map(|_| sheet()).collect();
        Homework { due, materials, ..homework(&format!("§ {n}")) }
    })
}

fn lessons() -> impl Strategy<Value = Vec<Lesson>> {
    let key = (1_u8..=2, group(), date(), 0_u8..=5, subject());
    let rest = (
        option::weighted(0.2, subject()),
        prop::bool::weighted(0.2),
        option::weighted(0.7, prop_oneof![9 => Just("Сила"), 1 => Just(" ")]),
        option::weighted(0.6, some_homework()),
        0_i64..1_000,
        any::<bool>(),
    );
    vec((key, rest), 0..25).prop_map(|rows| {
        let lesson = |(n, (key, rest))| {
            let (class_number, group, date, number, subject): (_, _, _, _, String) = key;
            let (instead_of, cancelled, topic, homework, written, distant) = rest;
            let topic: Option<&str> = topic;
            Lesson {
                // Identifiers are not in the order of days.
                id: lesson_id(n * 7 % 25),
                class: class(class_number),
                subgroup: group,
                date,
                instead_of,
                cancelled,
                distant,
                teacher: format!("учитель {n}"),
                room: format!("кабинет {n}"),
                topic: topic.map(|topic| topic.replace("Сила", &format!("Сила {n}"))),
                homework,
                written_at: DateTime::from_timestamp(1_700_000_000 + written, 0).unwrap(),
                ..super::lesson(n, "2024-09-16", number, &subject)
            }
        };
        rows.into_iter().enumerate().map(lesson).collect()
    })
}

/// Where a row stands: among the first lessons, or among all.
fn spot() -> impl Strategy<Value = (bool, prop::sample::Index)> {
    (prop::bool::weighted(0.5), any::<prop::sample::Index>())
}

fn given() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        3 => prop::sample::select(&["5", "4-", "4+", "3", "2", "1-", "5+"][..]),
        2 => Just("."),
        2 => prop::sample::select(&["н/а", "осв", "зачёт", "незачёт"][..]),
    ]
}

fn grading() -> impl Strategy<Value = Grading> {
    let own = (0_u16..50, 101_u16..=200, 401_u16..=500, any::<bool>()).prop_map(
        |(sign, two, five, favour)| {
            let rules = Grading::default().with_sign(sign).unwrap().with_favour(favour);
            let rules = rules.with_threshold(2.try_into().unwrap(), two).unwrap();
            rules.with_threshold(5.try_into().unwrap(), five).unwrap()
        },
    );
    prop_oneof![1 => Just(Grading::default()), 2 => own]
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
        timetable in vec((1_u8..=2, group(), weekday(), 0_u8..=5, subject()), 0..10),
        journal_ends in vec((1_u8..=2, date()), 0..3),
        lessons in lessons(),
        upcoming in vec((1_u8..=2, group(), subject(), option::weighted(0.2, subject()), date()), 0..8),
    )(
        works in vec(any::<prop::sample::Index>(), 0..6),
        marks in vec(
            (
                pupil(), spot(), option::weighted(0.2, date()), prop_oneof![Just(0_u128), 0_u128..6], given(),
                prop_oneof![3 => Just(500_i64), 2 => 0_i64..1_000], option::weighted(0.2, Just("замечание")),
            ),
            0..23,
        ),
        attendance in vec((pupil(), spot(), option::weighted(0.2, date()), 0_usize..6), 0..6),
        individual in vec((pupil(), any::<prop::sample::Index>(), some_homework()), 0..5),
        remarks in vec((pupil(), spot()), 0..6),
        stays in Just(stays), subgroups in Just(subgroups), calendar in Just(calendar),
        timetable in Just(timetable), journal_ends in Just(journal_ends),
        lessons in Just(lessons), upcoming in Just(upcoming),
    ) -> DiarySlice {
        let template = lesson(99, "2024-09-16", 1, "Физика");
        // A row may stand in a lesson the slice does not hold; in the first lessons stand several.
        let find_among = |index: &prop::sample::Index, lessons: &[Lesson]| {
            lessons.get(index.index(lessons.len() + 1)).unwrap_or(&template).clone()
        };
        let find = |index: &prop::sample::Index| find_among(index, &lessons);
        let find_spot = |(crowded, index): &(bool, prop::sample::Index)| {
            find_among(index, if *crowded { &lessons[..lessons.len().min(2)] } else { &lessons })
        };
        let marks = marks.iter().enumerate().map(|(n, (pupil, lesson, moved, work, value, written, comment))| {
            let (_, given) = mark(n, &find_spot(lesson), value, "1");
            Mark {
                // Identifiers are not in the order of rows.
                id: MarkId(Uuid::from_u128(n as u128 * 5 % 23)),
                pupil: *pupil,
                // The lesson was moved, and the row still tells the day it was on.
                date: moved.unwrap_or(given.date),
                work: WorkId(Uuid::from_u128(*work)),
                comment: comment.map(Into::into),
                written_at: DateTime::from_timestamp(1_700_000_000 + written, 0).unwrap(),
                ..given
            }
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
                teacher: format!("учитель {number}"), room: format!("кабинет {number}"),
                class: class(n), subgroup: group, weekday, ..planned("Mon", number, &subject)
            }).collect(),
            journal_ends: journal_ends.into_iter().map(|(n, date)| JournalEnd { class: class(n), date }).collect(),
            upcoming: upcoming.into_iter().map(|(n, group, subject, instead_of, date)| UpcomingLesson {
                class: class(n), subgroup: group, subject, instead_of, date,
            }).collect(),
            works: works.collect(),
            marks: marks.collect(),
            attendance: attendance.iter().map(|(pupil, lesson, moved, n)| {
                let row = absence(&find_spot(lesson), &format!("код {n}"), classes[*n].clone());
                Attendance { pupil: *pupil, date: moved.unwrap_or(row.date), ..row }
            }).collect(),
            individual_homework: individual.iter().map(|(pupil, lesson, homework)| IndividualHomework {
                pupil: *pupil, lesson: find(lesson).id, homework: homework.clone(),
            }).collect(),
            remarks: remarks.iter().enumerate().map(|(n, (pupil, lesson))| Remark {
                pupil: *pupil, ..remark(&find_spot(lesson), &format!("замечание {n}"))
            }).collect(),
            ..slice(lessons.clone())
        }
    }
}

fn finals() -> impl Strategy<Value = Vec<FinalMark>> {
    let kind = prop::sample::select(FinalKind::KNOWN);
    let term = prop::sample::select(&["1 четверть", "2 четверть"][..]);
    vec((pupil(), subject(), kind, term, given()), 0..5).prop_map(|rows| {
        let mark = |(pupil, subject, kind, term, value): (_, _, _, &str, &str)| FinalMark {
            pupil,
            subject,
            kind,
            term: term.into(),
            year: 2024,
            value: value.parse().unwrap(),
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
    fn terms_are_what_the_rules_say(
        diary in journal(), finals in finals(), days in days(), grading in grading(),
    ) {
        let term = Term { grade: 7, name: "1 четверть".into(), kind: TermKind::Quarter, days };
        let slice = TermSlice { diary, finals, grading };
        let expected = naive_summary(&slice, &term);
        prop_assert_eq!(summarise(slice, &term), expected);
    }

    #[test]
    fn a_term_and_its_days_count_alike_what_was_missed(diary in journal(), days in days()) {
        let term = Term { grade: 7, name: "1 четверть".into(), kind: TermKind::Quarter, days };
        let missed = absences(&compose(diary.clone(), days));
        let summary = summarise(TermSlice { diary, finals: vec![], grading: Grading::default() }, &term);
        prop_assert_eq!(summary.attendance, missed.all.attendance);
        for subject in summary.subjects {
            let same = missed.subjects.iter().find(|other| other.subject == subject.subject);
            let of_days = same.map(|other| other.absence.attendance).unwrap_or_default();
            prop_assert_eq!(subject.attendance, of_days, "{}", subject.subject);
        }
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
    fn the_wire_gives_back_what_it_was_given(
        slice in journal(), range in days(), finals in finals(), grading in grading(),
    ) {
        let json = serde_json::to_string(&slice).unwrap();
        prop_assert_eq!(&serde_json::from_str::<DiarySlice>(&json).unwrap(), &slice);
        let diary = compose(slice.clone(), range);
        let json = serde_json::to_string(&diary).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Diary>(&json).unwrap(), &diary);
        let term = Term { grade: 7, name: "1 четверть".into(), kind: TermKind::Quarter, days: range };
        let slice = TermSlice { diary: slice, finals, grading };
        let json = serde_json::to_string(&slice).unwrap();
        prop_assert_eq!(&serde_json::from_str::<TermSlice>(&json).unwrap(), &slice);
        let summary = summarise(slice, &term);
        let json = serde_json::to_string(&summary).unwrap();
        prop_assert_eq!(serde_json::from_str::<TermSummary>(&json).unwrap(), summary);
    }
}

/// What the generated journals are about, of which the rules speak; each is met often enough that a
/// rule left out would show.
#[test]
fn the_generated_journals_hold_what_the_rules_are_about() {
    use proptest::{strategy::ValueTree as _, test_runner::TestRunner};

    let mut runner = TestRunner::deterministic();
    let mut met: alloc::collections::BTreeMap<&str, u32> = Default::default();
    for _ in 0..1_000 {
        let slice = journal().new_tree(&mut runner).unwrap().current();
        let own = own_lessons(&slice);
        let is_mine = |l: &Lesson| own.iter().any(|mine| mine.id == l.id);
        let mine = || slice.marks.iter().filter(|m| m.pupil == slice.pupil);
        let of = |mark: &Mark| own.iter().find(|l| l.id == mark.lesson);
        let closed = |mark: &Mark| closing(&slice, mark.id);
        let others = slice.lessons.iter().filter(|l| !is_mine(l));
        for (what, is_met) in [
            ("a pupil who changed class", own.iter().any(|l| l.class != own[0].class)),
            ("a lesson of the pupil's subgroup", own.iter().any(|l| l.subgroup.is_some())),
            ("one of the other subgroup", {
                let mut others = others.filter(|l| l.subgroup.is_some());
                others.any(|l| is_own(&slice, l.class, None, "", None, l.date))
            }),
            ("a replaced lesson in a subgroup", {
                own.iter().any(|l| l.instead_of.is_some() && l.subgroup.is_some())
            }),
            ("a mark in a cancelled lesson", mine().filter_map(of).any(|l| l.cancelled)),
            ("a mark written late", {
                mine().any(|m| of(m).is_some_and(|l| l.written_at < m.written_at))
            }),
            ("a debt in a lesson that was moved", {
                let moved = |m: &Mark| of(m).is_some_and(|l| l.date != m.date);
                mine().any(|m| moved(m) && closed(m).is_some())
            }),
            ("a debt closed in a lesson that was moved", {
                let moved = |by: DebtClosing| mine().any(|m| m.id == by.mark && m.date != by.date);
                mine().any(|m| of(m).is_some() && closed(m).is_some_and(moved))
            }),
            ("a topic that says nothing", own.iter().any(|l| l.topic.as_deref() == Some(" "))),
            ("an absence at a cancelled lesson", {
                own.iter().any(|l| l.cancelled && attendance(&slice, l).is_some())
            }),
            ("an absence on a day off", {
                own.iter().any(|l| !ordinary(&slice, l.date) && attendance(&slice, l).is_some())
            }),
            ("homework of one's own", own.iter().any(|l| !individual(&slice, l).is_empty())),
            ("a remark without a mark", {
                let alone = |l: &&Lesson| marks(&slice, l).is_empty();
                own.iter().filter(|l| !remarks(&slice, l).is_empty()).any(alone)
            }),
            ("two remarks in one lesson", own.iter().any(|l| remarks(&slice, l).len() > 1)),
            ("homework due beyond a cancelled lesson", {
                let cancelled = |a: &Lesson| {
                    let later = own.iter().filter(|b| b.date > a.date && b.cancelled);
                    later
                        .into_iter()
                        .any(|b| b.subject == a.subject && next(&slice, a) > Some(b.date))
                };
                own.iter().any(|l| l.homework.is_some() && cancelled(l))
            }),
            ("two marks and an absence in one lesson", {
                let full =
                    |l: &&Lesson| marks(&slice, l).len() > 1 && attendance(&slice, l).is_some();
                own.iter().any(full)
            }),
            ("two attendances of one lesson", {
                let rows = |l: &Lesson| {
                    let rows = slice.attendance.iter();
                    rows.filter(|row| row.pupil == slice.pupil && row.lesson == l.id).count()
                };
                own.iter().any(|l| rows(l) > 1)
            }),
            ("an open debt", {
                mine().any(|m| m.value.is_debt() && of(m).is_some() && closed(m).is_none())
            }),
            ("a debt closed in its lesson", {
                mine().any(|m| of(m).zip(closed(m)).is_some_and(|(l, by)| by.date == l.date))
            }),
            ("a mark written together with a debt for the same work", {
                let beside = |debt: &Mark| {
                    let mut marks =
                        mine().filter(|m| m.work == debt.work && m.lesson == debt.lesson);
                    marks.any(|m| m.value.closes_debt() && m.written_at == debt.written_at)
                };
                mine().any(|m| of(m).is_some() && m.value.is_debt() && beside(m))
            }),
            ("a debt closed later", {
                mine().any(|m| of(m).zip(closed(m)).is_some_and(|(l, by)| by.date > l.date))
            }),
            ("a debt closed in a lesson that is not the pupil's", {
                let foreign = |by: DebtClosing| mine().any(|m| m.id == by.mark && of(m).is_none());
                mine().any(|m| of(m).is_some() && closed(m).is_some_and(foreign))
            }),
        ] {
            *met.entry(what).or_default() += u32::from(is_met);
        }
    }
    let rare: Vec<_> = met.iter().filter(|(_, times)| **times < 20).collect();
    assert!(rare.is_empty(), "{rare:?} of {met:?}");
}
