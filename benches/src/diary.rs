//! What a store reads for a pupil's week and for a pupil's year.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeZone as _, Utc, Weekday};
use eschool_core::{
    calendar::{Bell, CalendarRule, CalendarSpan, DateRange, TimetableLesson, school_day},
    diary::{DiarySlice, JournalEnd, UpcomingLesson},
    id::{AccountId, ClassId, LessonId, MarkId, WorkId},
    journal::{
        Attendance, AttendanceClass, Homework, IndividualHomework, Lesson, Mark, Stay, Subgroup,
        SubgroupMembership, Weight, Work, WorkKind,
    },
};
use uuid::Uuid;

use crate::random::Random;

/// A pupil's rows, and the days they are asked for.
///
/// The class has 31 hours a week. English, every day, is taught in two subgroups at once, so of two
/// rows the pupil has one, and a week has 36. Half of the lessons have homework, one in forty
/// replaces another and one in fifty is cancelled. Every row is there that a store reads beside the
/// lessons: bells, calendar, timetable, the next lessons homework may be due on.
///
/// ```
/// use eschool_benches::diary::Days;
/// use eschool_core::diary::compose;
///
/// let Days { slice, range } = Days::week();
/// assert_eq!((slice.lessons.len(), slice.marks.len()), (36, 12));
/// assert_eq!(compose(slice, range).days.len(), 7);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// What a store reads.
    pub slice: DiarySlice,
    /// The days that are asked for.
    pub range: DateRange,
}

const PUPIL: AccountId = AccountId(Uuid::from_u128(0x0193_79ab_0000_7000_8000_0000_0000_0001));
const CLASS: ClassId = ClassId(Uuid::from_u128(0x0193_79ab_0000_7000_8000_0000_0000_00c7));

/// A subject, who teaches it and where.
type Taught = (&'static str, &'static str, &'static str);

/// Hour by hour from Monday to Friday.
const TIMETABLE: [&[Taught]; 5] = [
    &[RUSSIAN, ALGEBRA, ENGLISH, BIOLOGY, HISTORY, SPORT],
    &[ALGEBRA, PHYSICS, LITERATURE, ENGLISH, GEOGRAPHY, MUSIC],
    &[GEOMETRY, RUSSIAN, ENGLISH, INFORMATICS, TECHNOLOGY, SOCIETY],
    &[RUSSIAN, ALGEBRA, PHYSICS, ENGLISH, LITERATURE, SPORT],
    &[ENGLISH, GEOMETRY, HISTORY, BIOLOGY, GEOGRAPHY, RUSSIAN, TECHNOLOGY],
];

const RUSSIAN: Taught = ("Русский язык", "Ковалёва Марина Сергеевна", "214");
const LITERATURE: Taught = ("Литература", "Ковалёва Марина Сергеевна", "214");
const ALGEBRA: Taught = ("Алгебра", "Жданова Ольга Петровна", "310");
const GEOMETRY: Taught = ("Геометрия", "Жданова Ольга Петровна", "310");
const PHYSICS: Taught = ("Физика", "Громов Виталий Игоревич", "405");
const ENGLISH: Taught = ("Английский язык", "Белова Анна Викторовна", "118");
const HISTORY: Taught = ("История", "Панов Егор Андреевич", "207");
const SOCIETY: Taught = ("Обществознание", "Панов Егор Андреевич", "207");
const BIOLOGY: Taught = ("Биология", "Суханова Вера Олеговна", "402");
const GEOGRAPHY: Taught = ("География", "Титова Нина Львовна", "403");
const INFORMATICS: Taught = ("Информатика", "Лапин Антон Юрьевич", "301");
const TECHNOLOGY: Taught = ("Технология", "Осипов Роман Ильич", "101");
const MUSIC: Taught = ("Музыка", "Фокина Алла Павловна", "109");
const SPORT: Taught = ("Физическая культура", "Ершов Денис Олегович", "зал");

const TOPICS: [&str; 6] = [
    "Правописание Н и НН в суффиксах прилагательных",
    "Решение систем уравнений способом подстановки",
    "Повторение изученного, подготовка к контрольной работе",
    "Сила трения. Лабораторная работа № 4",
    "Внутренняя политика Александра I",
    "Признаки равенства треугольников",
];

const HOMEWORK: [&str; 4] = [
    "§ 12, упр. 134, 136 (письменно)",
    "№ 245, 247, 251; повторить правила на с. 58",
    "Выучить слова урока 7, читать текст на с. 41",
    "Подготовить сообщение на три минуты",
];

impl Days {
    /// A week in the middle of the year: 36 lessons, 12 marks.
    #[must_use]
    pub fn week() -> Self {
        Self::of(DateRange::week_of(day(2025, 2, 3)), 36, 12)
    }

    /// A year: 1 200 lessons, 500 marks.
    #[must_use]
    pub fn year() -> Self {
        let range = DateRange::new(day(2024, 9, 1), day(2025, 5, 31)).expect("May follows");
        Self::of(range, 1_200, 500)
    }

    /// The first lessons of a range, with so many marks in them.
    fn of(range: DateRange, rows: usize, marks: usize) -> Self {
        let mut random = Random::seeded(0xd1a4);
        let calendar = calendar();
        let lessons: Vec<Lesson> = range
            .days()
            .filter_map(|date| Some((date, school_day(&calendar, date).timetable?)))
            .flat_map(|(date, weekday)| lessons_of(date, weekday, &mut random))
            .take(rows)
            .collect();
        let mut slice = DiarySlice {
            pupil: PUPIL,
            stays: vec![Stay { pupil: PUPIL, class: CLASS, from: day(2024, 9, 1), to: None }],
            subgroups: vec![SubgroupMembership {
                pupil: PUPIL,
                class: CLASS,
                subject: Some(ENGLISH.0.into()),
                subgroup: Subgroup("1".into()),
                from: day(2024, 9, 1),
                to: None,
            }],
            calendar,
            bells: (1..=8).map(bell).collect(),
            timetable: timetable(),
            journal_ends: vec![JournalEnd { class: CLASS, date: day(2025, 5, 31) }],
            upcoming: upcoming(range),
            works: Vec::with_capacity(marks),
            marks: Vec::with_capacity(marks),
            attendance: Vec::new(),
            individual_homework: Vec::new(),
            remarks: Vec::new(),
            lessons: Vec::new(),
        };
        let own: Vec<&Lesson> = lessons.iter().filter(|lesson| is_own(lesson)).collect();
        for _ in 0..marks {
            let (work, mark) = marked(own[random.below(own.len())], &mut random);
            slice.works.push(work);
            slice.marks.push(mark);
        }
        slice.works.sort_unstable_by_key(|work| work.id);
        slice.marks.sort_unstable_by_key(|mark| mark.id);
        // Two weeks' cold and some lessons missed: one lesson in sixteen.
        for lesson in own.iter().step_by(16) {
            slice.attendance.push(Attendance {
                pupil: PUPIL,
                lesson: lesson.id,
                date: lesson.date,
                code: "Б".into(),
                class: AttendanceClass::Ill,
            });
        }
        for lesson in own.iter().skip(5).step_by(60) {
            slice.individual_homework.push(IndividualHomework {
                lesson: lesson.id,
                pupil: PUPIL,
                homework: homework("Переписать работу над ошибками"),
            });
        }
        slice.lessons = lessons;
        Self { slice, range }
    }
}

fn is_own(lesson: &Lesson) -> bool {
    lesson.subgroup.as_ref().is_none_or(|subgroup| subgroup.0 == "1")
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("such a day is")
}

fn instant(date: NaiveDate, number: u8) -> DateTime<Utc> {
    let hour = 6 + u32::from(number);
    Utc.with_ymd_and_hms(date.year(), date.month(), date.day(), hour, 30, 0)
        .single()
        .expect("such an hour is")
}

fn calendar() -> Vec<CalendarSpan> {
    let span = |from, to, rule, name: &str| CalendarSpan {
        days: DateRange::new(from, to).expect("the spans are in order"),
        rule,
        name: name.into(),
    };
    let one = |date, rule, name| span(date, date, rule, name);
    use CalendarRule::{Holiday, Vacation, Working};
    vec![
        span(day(2024, 10, 28), day(2024, 11, 4), Vacation, "Осенние каникулы"),
        span(day(2024, 12, 29), day(2025, 1, 8), Vacation, "Зимние каникулы"),
        span(day(2025, 3, 22), day(2025, 3, 30), Vacation, "Весенние каникулы"),
        one(day(2024, 11, 4), Holiday, "День народного единства"),
        one(day(2025, 2, 24), Holiday, "День защитника Отечества"),
        one(day(2025, 3, 8), Holiday, "Международный женский день"),
        one(day(2025, 5, 1), Holiday, "Праздник Весны и Труда"),
        one(day(2025, 5, 9), Holiday, "День Победы"),
        one(day(2024, 12, 28), Working(Weekday::Mon), "Учимся по понедельнику"),
    ]
}

fn bell(number: u8) -> Bell {
    let at = |minute| NaiveTime::from_hms_opt(7 + u32::from(number), minute, 0);
    let (begins, ends) = at(0).zip(at(45)).expect("such an hour is");
    Bell { number, begins, ends }
}

/// The hours of a weekday, each with its number and its subgroups.
fn hours(weekday: Weekday) -> impl Iterator<Item = (u8, Taught, Option<Subgroup>)> {
    let taught = TIMETABLE.get(weekday.num_days_from_monday() as usize).copied();
    (1..).zip(taught.unwrap_or_default()).flat_map(|(number, taught)| {
        let subgroups = if *taught == ENGLISH { &[Some("1"), Some("2")][..] } else { &[None] };
        let subgroup = |name: &Option<&str>| name.map(|name| Subgroup(name.into()));
        subgroups.iter().map(move |name| (number, *taught, subgroup(name)))
    })
}

fn timetable() -> Vec<TimetableLesson> {
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let of_weekday = |weekday| {
        hours(weekday).map(move |(number, (subject, teacher, room), subgroup)| TimetableLesson {
            class: CLASS,
            subgroup,
            weekday,
            number,
            subject: subject.into(),
            teacher: teacher.into(),
            room: room.into(),
        })
    };
    weekdays.into_iter().flat_map(of_weekday).collect()
}

fn lessons_of(date: NaiveDate, weekday: Weekday, random: &mut Random) -> Vec<Lesson> {
    let lesson = |(number, (subject, teacher, room), subgroup): (u8, Taught, Option<Subgroup>)| {
        // What replaces another lesson keeps its subgroups, and Music has none.
        let replaces = random.below(40) == 0 && subgroup.is_none();
        Lesson {
            id: LessonId(id(instant(date, number), random)),
            class: CLASS,
            subgroup,
            date,
            number,
            subject: subject.into(),
            instead_of: replaces.then(|| MUSIC.0.into()),
            cancelled: random.below(50) == 0,
            distant: false,
            teacher: teacher.into(),
            room: room.into(),
            topic: Some(random.pick(&TOPICS).into()),
            homework: (random.below(2) == 0).then(|| homework(random.pick(&HOMEWORK))),
            written_at: instant(date, number),
        }
    };
    hours(weekday).map(lesson).collect()
}

fn homework(text: &str) -> Homework {
    Homework { text: text.into(), due: None, materials: Vec::new() }
}

/// A work in a lesson and the pupil's mark for it, given at the lesson's end.
fn marked(lesson: &Lesson, random: &mut Random) -> (Work, Mark) {
    let work = WorkId(id(lesson.written_at, random));
    let kinds = [("Ответ на уроке", 100), ("Домашняя работа", 100), ("Контрольная работа", 200)];
    let (kind, weight) = kinds[random.below(kinds.len())];
    let values = ["5", "5", "4", "4", "4", "5-", "4+", "3", "3", "2", "зачёт", "."];
    let mark = Mark {
        id: MarkId(id(lesson.written_at, random)),
        pupil: PUPIL,
        lesson: lesson.id,
        date: lesson.date,
        work,
        value: random.pick(&values).parse().expect("these are marks"),
        comment: (random.below(20) == 0).then(|| "Хорошо подготовлено".into()),
        written_at: lesson.written_at,
    };
    let weight = Weight::from_hundredths(weight).expect("this is a weight");
    let (kind, title) = (WorkKind(kind.into()), random.pick(&TOPICS).into());
    (Work { id: work, lesson: lesson.id, kind, title, weight }, mark)
}

/// The first lesson of every subject after the days, of English that of each subgroup.
fn upcoming(range: DateRange) -> Vec<UpcomingLesson> {
    let mut upcoming: Vec<UpcomingLesson> = Vec::new();
    for date in range.to().iter_days().skip(1).take(7) {
        for (_, (subject, ..), subgroup) in hours(date.weekday()) {
            let is_known =
                |one: &UpcomingLesson| one.subject == subject && one.subgroup == subgroup;
            if !upcoming.iter().any(is_known) {
                let (subject, instead_of) = (subject.into(), None);
                upcoming.push(UpcomingLesson { class: CLASS, subgroup, subject, instead_of, date });
            }
        }
    }
    upcoming
}

fn id(at: DateTime<Utc>, random: &mut Random) -> Uuid {
    random.uuid(u64::try_from(at.timestamp_millis()).expect("it is after 1970"))
}

#[cfg(test)]
mod tests {
    use eschool_core::diary::compose;

    use super::*;

    const LAST_OF_THE_YEAR: &str = "2025-05-21 Информатика 0196f264-9440-75b7-9130-d6d5d0b24b49";

    #[test]
    fn the_days_are_the_same_in_every_run() {
        assert_eq!(Days::week(), Days::week());
        // Whoever changes them by intent says so here: figures from before are about others.
        let last = Days::year().slice.lessons.pop().unwrap();
        assert_eq!(format!("{} {} {}", last.date, last.subject, last.id), LAST_OF_THE_YEAR);
    }

    #[test]
    fn nothing_of_a_week_or_a_year_is_passed_over_but_the_other_subgroup() {
        for (days, rows, marks) in [(Days::week(), 36, 12), (Days::year(), 1_200, 500)] {
            let slice = &days.slice;
            assert_eq!((slice.lessons.len(), slice.marks.len()), (rows, marks));
            let own = slice.lessons.iter().filter(|lesson| is_own(lesson)).count();
            let beside = (slice.attendance.len(), slice.individual_homework.len());
            let entries: Vec<_> = compose(days.slice, days.range)
                .days
                .into_iter()
                .flat_map(|day| day.entries)
                .collect();
            assert_eq!(entries.iter().filter(|entry| !entry.planned).count(), own);
            assert_eq!(entries.iter().filter(|entry| entry.planned).count(), 0);
            assert_eq!(entries.iter().map(|entry| entry.marks.len()).sum::<usize>(), marks);
            let given = entries.iter().filter(|entry| entry.attendance.is_some()).count();
            let homework = entries.iter().map(|entry| entry.individual_homework.len()).sum();
            assert_eq!((given, homework), beside);
        }
    }

    #[test]
    fn rows_stand_in_the_order_of_a_store() {
        let slice = Days::year().slice;
        assert!(slice.lessons.is_sorted_by_key(|lesson| {
            (lesson.date, lesson.number, lesson.subgroup.as_ref().map(|one| one.0.clone()))
        }));
        assert!(slice.marks.is_sorted_by_key(|mark| mark.id));
        assert!(slice.works.is_sorted_by_key(|work| work.id));
    }
}
