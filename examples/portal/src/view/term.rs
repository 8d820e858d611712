//! A term of the diary.

use chrono_tz::Tz;
use eschool_core::{
    calendar::Term,
    diary::{AttendanceTotals, MarkedWork, SubjectSummary, TermSummary},
    journal::{FinalKind, FinalMark},
};

use super::{
    date,
    mark::{Chip, MarkView},
    number::{counted, decimal},
};

const LESSONS: [&str; 3] = ["урок", "урока", "уроков"];

/// A term.
pub(crate) struct TermView {
    /// «2 четверть».
    pub(crate) name: String,
    /// «3 ноября – 29 декабря 2026».
    pub(crate) days: String,
    /// The terms to choose from.
    pub(crate) choice: Vec<Choice>,
    /// What there is to say of all subjects.
    pub(crate) cards: Vec<Card>,
    /// Every subject.
    pub(crate) subjects: Vec<SubjectView>,
    /// Whether an open debt is among the marks, so that the sign is explained.
    pub(crate) has_debts: bool,
    /// Whether a closed one is.
    pub(crate) has_closed_debts: bool,
}

/// A term to turn to.
pub(crate) struct Choice {
    /// Its name.
    pub(crate) name: String,
    /// Whether it is shown.
    pub(crate) is_current: bool,
}

/// One number about the whole term.
pub(crate) struct Card {
    /// What it is.
    pub(crate) title: &'static str,
    /// «12 уроков», «нет».
    pub(crate) value: String,
    /// What it is made of.
    pub(crate) details: Vec<String>,
    /// The style: `good`, `mind`.
    pub(crate) style: &'static str,
}

/// One subject.
pub(crate) struct SubjectView {
    /// The place in the list, for identifiers.
    pub(crate) number: usize,
    /// Its name.
    pub(crate) subject: String,
    /// The marks in order.
    pub(crate) chips: Vec<Chip>,
    /// «4,17».
    pub(crate) mean: Option<String>,
    /// Final marks of the term.
    pub(crate) finals: Vec<FinalView>,
    /// «24 урока, 1 не заполнен, пропущено 2».
    pub(crate) summary: String,
    /// «20 ноября, 14:05»: when the journal was last written.
    pub(crate) last_write: Option<String>,
    /// Marks with their works.
    pub(crate) marks: Vec<(String, MarkView)>,
    /// Topics by date.
    pub(crate) topics: Vec<(String, String)>,
    /// Homework by date.
    pub(crate) homework: Vec<TermHomework>,
}

/// A final mark.
pub(crate) struct FinalView {
    /// The mark.
    pub(crate) chip: Chip,
    /// What it closes, where it is not the term.
    pub(crate) kind: Option<&'static str>,
}

/// Homework of a term.
pub(crate) struct TermHomework {
    /// «02.09, пн».
    pub(crate) date: String,
    /// What to do.
    pub(crate) text: String,
    /// «к 25 сентября, ср».
    pub(crate) due: Option<String>,
    /// Whether it is for the pupil alone.
    pub(crate) personal: bool,
}

impl TermView {
    /// A term, among the pupil's terms; times as at the school.
    pub(crate) fn of(summary: TermSummary, terms: &[Term], zone: Tz) -> Self {
        let choice = terms.iter().map(|term| Choice {
            name: term.name.clone(),
            is_current: term.name == summary.term.name,
        });
        Self {
            choice: choice.collect(),
            cards: vec![
                attendance_card(summary.attendance),
                debts_card(&summary),
                unfilled_card(summary.unfilled),
            ],
            has_debts: summary.debts > 0,
            has_closed_debts: summary
                .subjects
                .iter()
                .flat_map(|subject| &subject.marks)
                .any(|work| work.mark.closed_by.is_some()),
            days: date::span_with_year(summary.term.days),
            name: summary.term.name,
            subjects: (1..)
                .zip(summary.subjects)
                .map(|(number, subject)| SubjectView::of(number, subject, zone))
                .collect(),
        }
    }
}

impl SubjectView {
    fn of(number: usize, subject: SubjectSummary, zone: Tz) -> Self {
        let line = |work: &MarkedWork| (date::in_list(work.date), MarkView::of(&work.mark));
        Self {
            number,
            chips: subject.marks.iter().map(|work| Chip::of_mark(&work.mark)).collect(),
            mean: subject.mean.map(|mean| decimal(&mean.to_string())),
            finals: subject.finals.iter().map(FinalView::of).collect(),
            summary: about(&subject),
            last_write: subject.last_write.map(|at| date::moment(at, zone)),
            marks: subject.marks.iter().map(line).collect(),
            topics: subject
                .topics
                .into_iter()
                .map(|line| (date::in_list(line.date), line.topic))
                .collect(),
            homework: subject
                .homework
                .into_iter()
                .map(|line| TermHomework {
                    date: date::in_list(line.date),
                    text: line.text,
                    due: line.due.map(date::due),
                    personal: line.individual,
                })
                .collect(),
            subject: subject.subject,
        }
    }
}

impl FinalView {
    fn of(mark: &FinalMark) -> Self {
        let kind = match &mark.kind {
            FinalKind::Term | FinalKind::Unknown(_) => None,
            FinalKind::Year => Some("годовая"),
            FinalKind::Exam => Some("экзамен"),
            FinalKind::Final => Some("итоговая"),
        };
        Self { chip: Chip::of(&mark.value), kind }
    }
}

/// Lessons missed, whatever the reason.
fn missed(totals: AttendanceTotals) -> u32 {
    [totals.ill, totals.excused, totals.unexcused, totals.unspecified]
        .into_iter()
        .fold(0, u32::saturating_add)
}

/// One line about a subject's lessons.
fn about(subject: &SubjectSummary) -> String {
    let mut parts = vec![counted(subject.lessons, LESSONS)];
    let missed = missed(subject.attendance);
    if missed > 0 {
        parts.push(format!("пропущено {missed}"));
    }
    if subject.attendance.late > 0 {
        let times = ["опоздание", "опоздания", "опозданий"];
        parts.push(counted(subject.attendance.late, times));
    }
    if subject.unfilled > 0 {
        parts.push(format!("не заполнено {}", subject.unfilled));
    }
    if subject.debts > 0 {
        parts.push(counted(subject.debts, ["долг", "долга", "долгов"]));
    }
    parts.join(", ")
}

fn attendance_card(totals: AttendanceTotals) -> Card {
    let missed = missed(totals);
    let details = [
        (totals.ill, "по болезни"),
        (totals.excused, "по уважительной причине"),
        (totals.unexcused, "без уважительной причины"),
        (totals.unspecified, "причина не указана"),
        (totals.late, "опоздания"),
    ];
    Card {
        title: "Пропущено",
        value: if missed == 0 { "ничего".into() } else { counted(missed, LESSONS) },
        details: details
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{what}: {n}"))
            .collect(),
        style: if totals.unexcused + totals.unspecified > 0 { "mind" } else { "good" },
    }
}

fn debts_card(summary: &TermSummary) -> Card {
    let details = summary.subjects.iter().filter(|subject| subject.debts > 0);
    Card {
        title: "Долги («точки»)",
        value: match summary.debts {
            0 => "нет".into(),
            n => counted(n, ["работа", "работы", "работ"]),
        },
        details: details.map(|subject| subject.subject.clone()).collect(),
        style: if summary.debts > 0 { "mind" } else { "good" },
    }
}

fn unfilled_card(unfilled: u32) -> Card {
    Card {
        title: "Не заполнено учителями",
        value: if unfilled == 0 {
            "всё заполнено".into()
        } else {
            counted(unfilled, LESSONS)
        },
        details: Vec::new(),
        style: "good",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::NBSP;

    #[test]
    fn absences_are_told_apart() {
        let totals = AttendanceTotals { late: 1, ill: 4, excused: 0, unexcused: 1, unspecified: 0 };
        let card = attendance_card(totals);
        assert_eq!(card.value.replace(NBSP, " "), "5 уроков");
        assert_eq!(card.details, ["по болезни: 4", "без уважительной причины: 1", "опоздания: 1"]);
        assert_eq!(card.style, "mind");
        let none = attendance_card(AttendanceTotals::default());
        assert_eq!((none.value.as_str(), none.style), ("ничего", "good"));
    }
}
