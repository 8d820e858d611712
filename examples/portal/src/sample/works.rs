//! What marks are given for (работы), and what is set as homework (домашнее задание).

use super::{
    dice::Dice,
    manners::{Manner, Pattern},
    plan::{Occasion, Step},
};

/// A work of a lesson.
#[derive(Clone)]
pub(super) struct Work {
    /// The kind (вид работы).
    pub(super) kind: &'static str,
    /// What it is about.
    pub(super) title: String,
    /// How much its marks count.
    pub(super) weight: u32,
}

/// The works everybody writes in this lesson; none in a usual one.
pub(super) fn written_by_all(manner: &Manner, step: &Step) -> Vec<Work> {
    match step.occasion {
        Occasion::Usual => Vec::new(),
        Occasion::SelfStudy => vec![work(manner.self_study, step, 4)],
        Occasion::Control => manner.control.iter().map(|pattern| work(*pattern, step, 5)).collect(),
    }
}

/// What some are asked in this lesson.
pub(super) fn answer(manner: &Manner, step: &Step, dice: &mut Dice) -> Work {
    work(dice.pick(manner.answers), step, 3)
}

/// The homework on this topic, once it is checked.
pub(super) fn checked_homework(topic: &str) -> Work {
    let title = format!("Домашняя работа «{}»", nested(topic));
    Work { kind: "Домашняя работа", title, weight: 1 }
}

/// What is set for everybody; empty if nothing is.
pub(super) fn homework(manner: &Manner, step: &Step, dice: &mut Dice) -> String {
    let text = if step.occasion == Occasion::Control {
        ""
    } else if step.before_control && !manner.before_control.is_empty() {
        manner.before_control
    } else if dice.chance(manner.homework_percent * 10) {
        // never the same twice running
        let turn = 2 * step.place + usize::from(dice.chance(500));
        manner.homework.iter().cycle().nth(turn).copied().unwrap_or_default()
    } else {
        ""
    };
    // by the end of the year the textbook is through: some 900 exercises on 140 pages
    let gone = |whole: usize| (step.place * whole / step.of.max(1)) as u64;
    let exercise = 3 + gone(900) + dice.below(6);
    let page = 5 + gone(140) + dice.below(2);
    [
        ("{§}", step.paragraph),
        ("{упр}", exercise),
        ("{упр+}", exercise + 1 + dice.below(4)),
        ("{с}", page),
        ("{с+}", page + 1 + dice.below(3)),
        ("{н}", 2 + dice.below(3)),
    ]
    .into_iter()
    .fold(about(text, step), |text, (place, number)| text.replace(place, &number.to_string()))
}

/// What is set for one pupil.
pub(super) fn individual_homework(step: &Step, dice: &mut Dice) -> String {
    let text = dice.pick(&[
        "Индивидуально: карточка № {н}",
        "Индивидуально: подготовить сообщение «{тема}»",
        "Индивидуально: выполнить пропущенную работу\nСдать до конца недели",
        "Индивидуально: повторить тему «{тема}», прийти на консультацию",
        "Индивидуально: задание повышенной сложности № {н}",
    ]);
    about(text, step).replace("{н}", &(1 + dice.below(24)).to_string())
}

fn work((kind, title): Pattern, step: &Step, weight: u32) -> Work {
    Work { kind, title: about(title, step), weight }
}

fn about(text: &str, step: &Step) -> String {
    text.replace("«{тема}»", &format!("«{}»", nested(step.topic)))
        .replace("{тема}", step.topic)
        .replace("{глава}", step.chapter)
        .replace("{номер}", &step.ordinal.to_string())
}

/// Quotation marks within quotation marks are „these“.
fn nested(text: &str) -> String {
    text.replace('«', "„").replace('»', "“")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{plan::plan, schools::SCHOOLS};

    #[test]
    fn every_text_is_filled_in() {
        for course in SCHOOLS.iter().flat_map(|s| s.classes).flat_map(|class| class.courses) {
            for step in plan(course, 102) {
                let mut dice = Dice::of("test").text(course.subject).number(step.place as u64);
                let mut works = written_by_all(course.manner, &step);
                works.push(answer(course.manner, &step, &mut dice));
                works.push(checked_homework(step.topic));
                let titles = works.into_iter().map(|work| work.title);
                let set = homework(course.manner, &step, &mut dice);
                for text in titles.chain([set, individual_homework(&step, &mut dice)]) {
                    assert!(!text.contains(['{', '}']), "{text}");
                    assert_eq!(text.matches('«').count(), text.matches('»').count(), "{text}");
                }
            }
        }
    }

    #[test]
    fn a_title_keeps_its_quotation_marks_apart() {
        let Some(literature) = SCHOOLS[0].class("8А").and_then(|class| class.course("Литература"))
        else {
            panic!("no literature")
        };
        let steps = plan(literature, 68);
        let step = steps.iter().find(|step| step.topic.contains("Мцыри")).unwrap();
        let title = work(("Тест", "Тест «{тема}»"), step, 4).title;
        assert_eq!(title, "Тест «М. Ю. Лермонтов. „Мцыри“»");
    }
}
