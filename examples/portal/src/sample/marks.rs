//! The marks of a lesson (отметки): their number and distribution are those of real journals.

use super::{
    attendance::{DaysAway, ILL, LATE},
    dice::Dice,
    homes::Turn,
    lessons::Lesson,
    plan::Occasion,
    registry::Pupil,
    works::{self, Work},
};

/// A mark for a work.
pub(super) struct Mark {
    pub(super) pupil: &'static str,
    /// `5`, `4-`, `.`, `н/а`, `осв`.
    pub(super) value: String,
    pub(super) work: Work,
    pub(super) comment: &'static str,
    /// It is entered when more than this many school days have gone since the lesson.
    pub(super) entered_after: usize,
}

impl Mark {
    /// The points that count in a mean.
    pub(super) fn points(&self) -> Option<u32> {
        self.value.chars().next().and_then(|first| first.to_digit(10))
    }
}

/// The marks of a lesson among these pupils, by work and pupil.
pub(super) fn of_lesson(lesson: &Lesson, pupils: &[&Pupil], away: &DaysAway) -> Vec<Mark> {
    let Some(step) = &lesson.step else { return Vec::new() };
    let manner = lesson.course.manner;
    let is_present = |pupil: &Pupil| away.code(pupil, lesson).is_none_or(|code| code == LATE);
    if step.occasion == Occasion::Usual {
        let answer = works::answer(manner, step, &mut lesson.dice("answer"));
        let homework = lesson.checks.map(works::checked_homework);
        let here = pupils.iter().filter(|pupil| is_present(pupil));
        return here.flat_map(|pupil| asked(lesson, pupil, &answer, homework.as_ref())).collect();
    }
    let works = works::written_by_all(manner, step);
    let pairs = works.iter().flat_map(|work| pupils.iter().map(move |pupil| (work, pupil)));
    let marks = pairs.filter_map(|(work, pupil)| {
        if is_exempt(pupil, lesson) {
            Some(plain("осв", pupil, work))
        } else if is_present(pupil) {
            Some(written(lesson, pupil, work))
        } else {
            missed(lesson, pupil, work, away.code(pupil, lesson) == Some(ILL))
        }
    });
    marks.collect()
}

/// What a pupil gets in a usual lesson: mostly nothing, now and then two marks.
fn asked(lesson: &Lesson, pupil: &Pupil, answer: &Work, homework: Option<&Work>) -> Vec<Mark> {
    let mut dice = lesson.dice("asked").text(pupil.person.name);
    if is_exempt(pupil, lesson) || !dice.chance(asked_per_mille(lesson)) {
        return Vec::new();
    }
    let (first, second) = match homework {
        Some(homework) if dice.chance(350) => (homework, Some(answer)),
        _ => (answer, homework),
    };
    let second = second.filter(|_| dice.chance(60));
    [Some(first), second].into_iter().flatten().map(|work| written(lesson, pupil, work)).collect()
}

/// How often a pupil is asked: in a subject of few lessons more often, in the first years less.
fn asked_per_mille(lesson: &Lesson) -> u64 {
    let hours = lesson.class.hours(lesson.course.subject).max(1) as u64;
    let usual = 120 + 180 / hours;
    if lesson.class.grade < 5 { usual * 3 / 4 } else { usual }
}

/// A mark for a work that was written, or the debt of one who did not hand it in.
fn written(lesson: &Lesson, pupil: &Pupil, work: &Work) -> Mark {
    let mut dice = lesson.dice("mark").text(pupil.person.name).text(&work.title);
    if work.weight == 1 && dice.chance(25) {
        let comment = dice.pick(&["Нет тетради", "Жду работу", "", ""]);
        return Mark { comment, ..plain(".", pupil, work) };
    }
    let points = points(lesson, pupil, &mut dice);
    let sign = match (dice.below(100), points) {
        (0..=2, 3..) => "-",
        (3..=4, _) => "+",
        _ => "",
    };
    let comment = match (dice.below(100), points) {
        (0..=4, 5) => dice.pick(&["Отличная работа!", "Молодец!", "Оригинальное решение!"]),
        (0..=4, 3 | 4) => dice.pick(lesson.course.manner.remarks),
        (0..=19, 2) => {
            dice.pick(&["Приходи на консультацию", "Нужно переписать", "Урок не выучен"])
        }
        _ => "",
    };
    Mark { comment, ..plain(&format!("{points}{sign}"), pupil, work) }
}

/// What stands for a work that was missed: a debt, a mark entered days later, or nothing.
fn missed(lesson: &Lesson, pupil: &Pupil, work: &Work, ill: bool) -> Option<Mark> {
    let mut dice = lesson.dice("missed").text(pupil.person.name);
    match dice.below(100) {
        0..=39 => {
            let comment = if ill { "Написать после болезни" } else { "" };
            Some(Mark { comment, ..plain(".", pupil, work) })
        }
        40..=69 => {
            let comment = "Написано позже";
            Some(Mark { comment, entered_after: 6, ..written(lesson, pupil, work) })
        }
        70..=74 => Some(plain("н/а", pupil, work)),
        _ => None,
    }
}

/// What the pupil can, what the subject asks, and the day: in thousandths of a point.
fn points(lesson: &Lesson, pupil: &Pupil, dice: &mut Dice) -> i64 {
    let ability = Dice::of("ability").text(pupil.person.name).bell(620);
    let (class, subject) = (lesson.class.name, lesson.course.subject);
    let demand = Dice::of("demand").text(class).text(subject).below(501).cast_signed() - 250;
    ((3750 + ability - demand + dice.bell(650) + 500) / 1000).clamp(2, 5)
}

fn is_exempt(pupil: &Pupil, lesson: &Lesson) -> bool {
    pupil.turn == Turn::Exempt && lesson.course.subject == "Физическая культура"
}

fn plain(value: &str, pupil: &Pupil, work: &Work) -> Mark {
    Mark {
        pupil: pupil.person.name,
        value: value.into(),
        work: work.clone(),
        comment: "",
        entered_after: 0,
    }
}
