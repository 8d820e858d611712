//! How a subject is taught, whatever the grade: its homework, its works, what its lessons are
//! called. Only lists. A text may hold places to be filled, see [`Manner`].

pub(super) mod humanities;
pub(super) mod practice;
pub(super) mod primary;
pub(super) mod sciences;

/// How a subject is taught.
///
/// Texts of works may hold `{тема}` and `{глава}`, the topic and the chapter, and `{номер}`, how
/// many of that occasion there were in the year. Texts of homework may hold `{§}`, a paragraph;
/// `{упр}` and `{упр+}`, exercises; `{с}` and `{с+}`, pages; `{н}`, a small number.
pub(super) struct Manner {
    /// How many lessons of a hundred have homework.
    pub(super) homework_percent: u64,
    /// What homework is like.
    pub(super) homework: &'static [&'static str],
    /// Homework before a control work; empty where nobody prepares for one.
    pub(super) before_control: &'static str,
    /// What the second and later lessons on one topic do.
    pub(super) continuations: &'static [&'static str],
    /// The works that end a chapter.
    pub(super) control: &'static [Pattern],
    /// The work within a chapter.
    pub(super) self_study: Pattern,
    /// What else marks are given for.
    pub(super) answers: &'static [Pattern],
    /// What a teacher writes beside a mark that is not the best.
    pub(super) remarks: &'static [&'static str],
}

impl Manner {
    /// Whether marks are given for homework: not where it is «принести краски».
    pub(super) fn checks_homework(&self) -> bool {
        self.homework_percent > 50
    }
}

/// The kind of a work (вид работы) and its title.
pub(super) type Pattern = (&'static str, &'static str);

const CONTROL: &str = "Контрольная работа";
const SELF_STUDY: &str = "Самостоятельная работа";
const TEST: &str = "Тест";
const PRACTICAL: &str = "Практическая работа";
const ANSWER: &str = "Ответ на уроке";
const CLASSWORK: &str = "Работа на уроке";
