//! What is measured, beside what, and the bars.

use clap::ValueEnum;
use eschool_benches::spellings::TEXTS;

use super::table::Bar;

/// A group of lines that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Subject {
    /// a СНИЛС is read
    Snils,
    /// a phone is read
    Phone,
    /// somebody is let in: admit and decide
    SignIn,
    /// a week of a diary is composed
    Week,
    /// a year of a diary is composed
    Year,
    /// the accounts of two regions are joined
    Merge,
    /// a year of a diary is composed by a call from Kotlin
    Kotlin,
    /// a year of a diary is composed by a call from Swift
    Swift,
    /// a year of a diary is composed by a call from TypeScript; what a page downloads
    #[value(name = "typescript")]
    TypeScript,
    /// diaries and imports over PostgreSQL
    Store,
}

/// A line of the table that the benches of `eschool-benches` measure.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) subject: Subject,
    /// What is done.
    pub(super) what: &'static str,
    /// Its name in the benches: `function/input`.
    pub(super) bench: &'static str,
    /// Who else does it, and under which name in the benches.
    pub(super) beside: Option<(&'static str, &'static str)>,
    pub(super) bar: Option<Bar>,
    /// How many times one turn of the bench does it.
    pub(super) times: usize,
}

impl Line {
    /// All there are, in their order in the table. The bars are those the library is designed for.
    pub(super) fn all() -> Vec<Self> {
        let line =
            |subject, what, bench, bar| Self { subject, what, bench, beside: None, bar, times: 1 };
        let text =
            |subject, what, bench, bar| Self { times: TEXTS, ..line(subject, what, bench, bar) };
        let moment = Some(Bar::Nanoseconds(250.0));
        let clone = |bench| Some(("cloning its input", bench));
        vec![
            Self {
                beside: Some(("plain loop", "plain_loop/printed")),
                ..text(
                    Subject::Snils,
                    "parse a СНИЛС",
                    "parse_snils/printed",
                    Some(Bar::Ratio(2.0)),
                )
            },
            text(Subject::Snils, "parse a СНИЛС in any spelling", "parse_snils/any", None),
            Self {
                beside: Some(("rlibphonenumber", "libphonenumber/any")),
                ..text(Subject::Phone, "parse a phone", "parse_phone/any", Some(Bar::Ratio(0.125)))
            },
            line(Subject::SignIn, "admit + decide, pupil by password", "sign_in/pupil", moment),
            line(Subject::SignIn, "admit + decide, parent of three", "sign_in/parent", moment),
            line(Subject::SignIn, "admit + decide, class teacher", "sign_in/staff", moment),
            line(Subject::SignIn, "… a parent in capitals", "sign_in/parent_in_capitals", None),
            line(Subject::SignIn, "… rules change ahead", "sign_in/parent_before_a_change", None),
            line(Subject::SignIn, "… in two schools", "sign_in/parent_in_two_schools", None),
            Self {
                beside: clone("clone/week"),
                ..line(Subject::Week, "compose a week", "compose/week", Some(Bar::Ratio(2.0)))
            },
            Self {
                beside: clone("clone/year"),
                ..line(Subject::Year, "compose a year", "compose/year", Some(Bar::Ratio(2.0)))
            },
            line(Subject::Merge, "plan merges, 10 000 × 10 000", "plan_merges/small", None),
        ]
    }

    /// The names it has in the benches.
    pub(super) fn benches(&self) -> impl Iterator<Item = &'static str> {
        [self.bench].into_iter().chain(self.beside.map(|(_, bench)| bench))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::border::LANGUAGES;

    #[test]
    fn every_subject_has_a_line() {
        for subject in Subject::value_variants() {
            let has_line = Line::all().iter().any(|line| line.subject == *subject);
            // Programs of their own measure these.
            let has_program = *subject == Subject::Store
                || LANGUAGES.iter().any(|(language, ..)| language == subject);
            assert!(has_line || has_program, "{subject:?}");
        }
    }

    #[test]
    fn a_ratio_needs_another_side() {
        for line in Line::all() {
            assert!(!matches!(line.bar, Some(Bar::Ratio(_))) || line.beside.is_some(), "{line:?}");
        }
    }
}
