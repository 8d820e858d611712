//! Why a step does not go into a case.

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::{CaseAct, Desk};
use crate::error::{CodedError, Shown};

/// Why a step does not go into a case.
///
/// ```
/// use eschool_core::{error::CodedError, support::{CaseAct, CaseError}};
///
/// let error = CaseError::Closed { act: CaseAct::Note };
/// assert_eq!(error.code(), "case_closed");
/// assert_eq!(error.to_string(), "the case is closed and takes no step `note`; reopen it first");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CaseError {
    /// The step is dated before the one before it.
    #[error("the step `{}` is dated {at}, before the last one of {last}", Shown::of(.act.as_str()))]
    Earlier {
        /// The step.
        act: CaseAct,
        /// Its date.
        at: DateTime<Utc>,
        /// The date of the last step.
        last: DateTime<Utc>,
    },
    /// A history does not begin with the opening.
    #[error("the history does not begin with `opened`")]
    NotOpened,
    /// The case was opened before.
    #[error("the case was `opened` already")]
    AlreadyOpened,
    /// The case is closed.
    #[error("the case is closed and takes no step `{}`; reopen it first", Shown::of(.act.as_str()))]
    Closed {
        /// The step.
        act: CaseAct,
    },
    /// A case is reopened that is not closed.
    #[error("the case is not closed, so it cannot be `reopened`")]
    NotClosed,
    /// Another desk's turn it is.
    #[error(
        "the step `{}` is not for `{}`: it is the turn of `{}`",
        Shown::of(.act.as_str()),
        Shown::of(.desk.as_str()),
        Shown::of(.turn.as_str())
    )]
    NotYourTurn {
        /// The step.
        act: CaseAct,
        /// Whose step it would be.
        desk: Desk,
        /// Whose turn it is.
        turn: Desk,
    },
    /// A desk that this version does not know had the turn: whose it is now is not known here.
    #[error(
        "the step `{}` has to wait: the case went through `{}`, a desk this version does not know",
        Shown::of(.act.as_str()),
        Shown::of(.desk.as_str())
    )]
    ThroughUnknownDesk {
        /// The step.
        act: CaseAct,
        /// The desk that is not known.
        desk: Desk,
    },
    /// Nobody is behind support.
    #[error("the case is with support and cannot be `passed_on`")]
    PassedOnFromSupport,
    /// Support has nothing to do with a case that was not passed on to it.
    #[error(
        "the step `{}` is not for `support`: the case was not passed on to it",
        Shown::of(.act.as_str())
    )]
    NotPassedOn {
        /// The step.
        act: CaseAct,
    },
    /// The case does not go through this desk.
    #[error(
        "the step `{}` is not for `{}`: the case does not go through it",
        Shown::of(.act.as_str()),
        Shown::of(.desk.as_str())
    )]
    NotOnPath {
        /// The step.
        act: CaseAct,
        /// The desk.
        desk: Desk,
    },
    /// A note says nothing.
    #[error("the step `note` has no text")]
    EmptyNote,
    /// There is no such step.
    #[error("there is no step `{}` of a case", Shown::of(.act.as_str()))]
    UnknownAct {
        /// The step.
        act: CaseAct,
    },
    /// There is no such desk.
    #[error(
        "the step `{}` is by `{}`, and there is no such desk",
        Shown::of(.act.as_str()),
        Shown::of(.desk.as_str())
    )]
    UnknownDesk {
        /// The step.
        act: CaseAct,
        /// The desk.
        desk: Desk,
    },
}

impl CodedError for CaseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Earlier { .. } => "case_step_earlier",
            Self::NotOpened => "case_not_opened",
            Self::AlreadyOpened => "case_already_opened",
            Self::Closed { .. } => "case_closed",
            Self::NotClosed => "case_not_closed",
            Self::NotYourTurn { .. } => "case_not_your_turn",
            Self::ThroughUnknownDesk { .. } => "case_through_unknown_desk",
            Self::PassedOnFromSupport => "case_with_support",
            Self::NotPassedOn { .. } => "case_not_passed_on",
            Self::NotOnPath { .. } => "case_not_on_path",
            Self::EmptyNote => "case_note_empty",
            Self::UnknownAct { .. } => "case_act_unknown",
            Self::UnknownDesk { .. } => "case_desk_unknown",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Earlier { .. } => "Запись датирована раньше предыдущей: проверьте дату и время",
            Self::NotOpened => "История обращения начинается не с его открытия",
            Self::AlreadyOpened => "Обращение с этим кодом уже открыто",
            Self::Closed { .. } => "Обращение закрыто. Чтобы продолжить, откройте его снова",
            Self::NotClosed => "Обращение не закрыто: открывать его снова не нужно",
            Self::NotYourTurn { .. } => "Обращение сейчас не у вас: оставьте заметку",
            Self::ThroughUnknownDesk { .. } => {
                "Обращением занимался сотрудник, чьей роли эта версия программы не знает: обновите \
                 программу или оставьте заметку"
            }
            Self::PassedOnFromSupport => {
                "Обращение уже в технической поддержке: дальше передавать некому"
            }
            Self::NotPassedOn { .. } => {
                "Обращение не передано в техническую поддержку: это делает администратор школы"
            }
            Self::NotOnPath { .. } => {
                "Открыть обращение снова может тот, кто ведёт данные родителей, или администратор \
                 школы"
            }
            Self::EmptyNote => "Напишите текст заметки",
            Self::UnknownAct { .. } => "Такой записи в обращении не бывает",
            Self::UnknownDesk { .. } => "С такой ролью обращения не ведут",
        }
    }
}
