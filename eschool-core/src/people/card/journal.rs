//! The card journal: what became of every card of a pupil.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    error::{CodedError, Shown},
    id::AccountId,
    wire::wire_enum,
};

wire_enum! {
    /// A step in the life of a card (*журнал выдачи карточек регистрации*).
    ///
    /// ```
    /// use eschool_core::people::CardStep;
    ///
    /// assert_eq!(CardStep::HandedOut.as_str(), "handed_out");
    /// assert_eq!(CardStep::HandedOut.text_ru(), "карточка выдана");
    /// ```
    pub enum CardStep {
        /// Login and password were made; the card before this one serves no more.
        Issued = "issued",
        /// The card was printed.
        Printed = "printed",
        /// The card was given to the pupil or the parents.
        HandedOut = "handed_out",
        /// The card was withdrawn: it was lost, or the pupil left.
        Revoked = "revoked",
    }
}

impl CardStep {
    /// What a person reads in the journal.
    #[must_use]
    pub fn text_ru(&self) -> &str {
        match self {
            Self::Issued => "карточка создана",
            Self::Printed => "карточка распечатана",
            Self::HandedOut => "карточка выдана",
            Self::Revoked => "карточка отозвана",
            Self::Unknown(text) => text,
        }
    }
}

/// A line of the card journal: one step of one card.
///
/// ```
/// use eschool_core::people::{CardRecord, CardStep};
///
/// let line: CardRecord = serde_json::from_str(
///     r#"{"card": 1, "step": "printed", "at": "2024-09-02T07:30:00Z",
///         "by": "019379ab-0000-7000-8000-000000000001"}"#,
/// )?;
/// assert_eq!((line.card, line.step), (1, CardStep::Printed));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardRecord {
    /// Which of the pupil's cards, the first being 1.
    pub card: u32,
    /// What was done with it.
    pub step: CardStep,
    /// When.
    pub at: DateTime<Utc>,
    /// The member of staff who did it; none where a program beside the database did, and in an older
    /// line that does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
}

/// The journal of one pupil's cards, in the order of what was done.
///
/// A card is issued, printed as often as the printer needs, and handed out once. What was handed
/// out is not printed again: whoever lost it gets a new card with a new password, and that revokes
/// the one before. A card may be revoked without a new one, too.
///
/// ```
/// use eschool_core::people::{CardJournal, CardJournalError, CardRecord, CardStep};
///
/// let teacher = "019379ab-0000-7000-8000-000000000001".parse().ok();
/// let line = |card, step, minute: u32| CardRecord {
///     card,
///     step,
///     at: format!("2024-09-02T07:{minute:02}:00Z").parse().unwrap(),
///     by: teacher,
/// };
/// let mut journal = CardJournal::new();
/// journal.record(line(1, CardStep::Issued, 30))?;
/// let early = journal.record(line(1, CardStep::HandedOut, 31));
/// assert_eq!(early, Err(CardJournalError::NotPrinted { card: 1 }));
///
/// journal.record(line(1, CardStep::Printed, 32))?;
/// journal.record(line(1, CardStep::HandedOut, 40))?;
/// journal.record(line(2, CardStep::Issued, 50))?;
/// assert_eq!(journal.state(1), Some(&CardStep::Revoked));
/// assert_eq!(journal.state(2), Some(&CardStep::Issued));
/// assert_eq!(journal.records().len(), 4);
/// # Ok::<(), CardJournalError>(())
/// ```
///
/// On the wire it is its lines; lines that no journal could have are refused. A step that only a
/// newer version knows is kept and says nothing of the card. A line that does not tell who did it
/// is read, for older ones do not; a new one has to, unless it was
/// [written at the console](Self::record_at_console).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<CardRecord>", into = "Vec<CardRecord>")]
pub struct CardJournal(Vec<CardRecord>);

impl CardJournal {
    /// A journal before the first card.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The lines, earliest first.
    #[must_use]
    pub fn records(&self) -> &[CardRecord] {
        &self.0
    }

    /// The number of the card issued last, revoked or not; none before the first.
    #[must_use]
    pub fn last_card(&self) -> Option<u32> {
        self.0.iter().rev().find(|line| line.step == CardStep::Issued).map(|line| line.card)
    }

    /// The number that the next card gets.
    #[must_use]
    pub fn next_card(&self) -> u32 {
        self.last_card().map_or(1, |card| card.saturating_add(1))
    }

    /// How far a card has come: its last step, or [`CardStep::Revoked`] once a newer one was
    /// issued; none for a card that never was.
    #[must_use]
    pub fn state(&self, card: u32) -> Option<&CardStep> {
        let mut steps = self.0.iter().rev().filter(|line| line.card == card);
        let last = steps.find(|line| line.step.is_known())?;
        Some(if self.last_card() == Some(card) { &last.step } else { &CardStep::Revoked })
    }

    /// Writes a step down, if it may follow. A step that may not leaves the journal as it was.
    ///
    /// # Errors
    /// [`CardJournalError`] names the step and what stands in its way.
    pub fn record(&mut self, line: CardRecord) -> Result<(), CardJournalError> {
        if !line.step.is_known() {
            return Err(CardJournalError::UnknownStep { step: line.step });
        }
        if line.by.is_none() {
            return Err(CardJournalError::ByNobody { card: line.card, step: line.step });
        }
        self.take(line)
    }

    /// Writes a step down that was taken by a program beside the database, as by one that prints the
    /// cards of a class: whoever runs it has no account there.
    ///
    /// ```
    /// use eschool_core::people::{CardJournal, CardJournalError, CardStep};
    ///
    /// let at = "2024-09-02T07:30:00Z".parse().unwrap();
    /// let mut journal = CardJournal::new();
    /// journal.record_at_console(1, CardStep::Issued, at)?;
    /// assert_eq!(journal.records().first().and_then(|line| line.by), None);
    /// # Ok::<(), CardJournalError>(())
    /// ```
    ///
    /// # Errors
    /// As for [`record`](Self::record).
    pub fn record_at_console(
        &mut self,
        card: u32,
        step: CardStep,
        at: DateTime<Utc>,
    ) -> Result<(), CardJournalError> {
        if !step.is_known() {
            return Err(CardJournalError::UnknownStep { step });
        }
        self.take(CardRecord { card, step, at, by: None })
    }

    fn take(&mut self, line: CardRecord) -> Result<(), CardJournalError> {
        let CardRecord { card, step, at, .. } = &line;
        let (card, at, step) = (*card, *at, step.clone());
        if let Some(last) = self.0.last().map(|last| last.at).filter(|last| at < *last) {
            return Err(CardJournalError::Earlier { card, step, at, last });
        }
        match (&step, self.state(card)) {
            (CardStep::Issued, _) if card != self.next_card() => {
                return Err(CardJournalError::WrongNumber { card, next: self.next_card() });
            }
            (CardStep::Issued, _) | (CardStep::Unknown(_), Some(_)) => {}
            (_, None) => return Err(CardJournalError::NotIssued { card, step }),
            (_, Some(CardStep::Revoked)) => {
                return Err(CardJournalError::Revoked { card, step });
            }
            (CardStep::HandedOut, Some(CardStep::Issued)) => {
                return Err(CardJournalError::NotPrinted { card });
            }
            (CardStep::Printed | CardStep::HandedOut, Some(CardStep::HandedOut)) => {
                return Err(CardJournalError::HandedOut { card, step });
            }
            (CardStep::Printed | CardStep::HandedOut | CardStep::Revoked, Some(_)) => {}
        }
        self.0.push(line);
        Ok(())
    }
}

impl TryFrom<Vec<CardRecord>> for CardJournal {
    type Error = CardJournalError;

    fn try_from(lines: Vec<CardRecord>) -> Result<Self, Self::Error> {
        let mut journal = Self(Vec::with_capacity(lines.len()));
        lines.into_iter().try_for_each(|line| journal.take(line))?;
        Ok(journal)
    }
}

impl From<CardJournal> for Vec<CardRecord> {
    fn from(journal: CardJournal) -> Self {
        journal.0
    }
}

/// Why a step does not go into the card journal.
///
/// ```
/// use eschool_core::{error::CodedError, people::CardJournalError};
///
/// let error = CardJournalError::NotPrinted { card: 2 };
/// assert_eq!(error.code(), "card_not_printed");
/// assert_eq!(error.to_string(), "card 2 cannot be `handed_out` before it is printed");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CardJournalError {
    /// Nobody is named who did it.
    #[error("the step `{}` of card {card} does not say who did it", Shown::of(.step.as_str()))]
    ByNobody {
        /// The card.
        card: u32,
        /// The step.
        step: CardStep,
    },
    /// The step is dated before the one before it.
    #[error(
        "the step `{}` of card {card} is dated {at}, before the last one of {last}",
        Shown::of(.step.as_str())
    )]
    Earlier {
        /// The card.
        card: u32,
        /// The step.
        step: CardStep,
        /// Its date.
        at: DateTime<Utc>,
        /// The date of the last step of the journal.
        last: DateTime<Utc>,
    },
    /// A card is issued with a number that is not the next.
    #[error("card {card} cannot be `issued`: the next card is {next}")]
    WrongNumber {
        /// The number given.
        card: u32,
        /// The next one.
        next: u32,
    },
    /// There is no such card.
    #[error("the step `{}` is of card {card}, which was never issued", Shown::of(.step.as_str()))]
    NotIssued {
        /// The card.
        card: u32,
        /// The step.
        step: CardStep,
    },
    /// A card is handed out that nobody printed.
    #[error("card {card} cannot be `handed_out` before it is printed")]
    NotPrinted {
        /// The card.
        card: u32,
    },
    /// The card is out of the school's hands.
    #[error(
        "card {card} was handed out and cannot be `{}` any more; issue a new one",
        Shown::of(.step.as_str())
    )]
    HandedOut {
        /// The card.
        card: u32,
        /// The step.
        step: CardStep,
    },
    /// The card was revoked, by hand or by a newer one.
    #[error("card {card} was revoked and cannot be `{}` any more", Shown::of(.step.as_str()))]
    Revoked {
        /// The card.
        card: u32,
        /// The step.
        step: CardStep,
    },
    /// There is no such step.
    #[error("there is no step `{}` of a card", Shown::of(.step.as_str()))]
    UnknownStep {
        /// The step.
        step: CardStep,
    },
}

impl CodedError for CardJournalError {
    fn code(&self) -> &'static str {
        match self {
            Self::ByNobody { .. } => "card_step_by_nobody",
            Self::Earlier { .. } => "card_step_earlier",
            Self::WrongNumber { .. } => "card_wrong_number",
            Self::NotIssued { .. } => "card_not_issued",
            Self::NotPrinted { .. } => "card_not_printed",
            Self::HandedOut { .. } => "card_handed_out",
            Self::Revoked { .. } => "card_revoked",
            Self::UnknownStep { .. } => "card_step_unknown",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::ByNobody { .. } => "Укажите, кто это сделал: запись без имени в журнал не идёт",
            Self::Earlier { .. } => "Запись датирована раньше предыдущей: проверьте дату и время",
            Self::WrongNumber { .. } => {
                "Карточки нумеруются подряд: у новой карточки должен быть следующий номер"
            }
            Self::NotIssued { .. } => "Такой карточки у ученика не было",
            Self::NotPrinted { .. } => "Карточку нельзя выдать: она ещё не распечатана",
            Self::HandedOut { .. } => {
                "Карточка уже выдана. Если она потеряна, создайте новую: прежняя перестанет \
                 действовать"
            }
            Self::Revoked { .. } => "Карточка отозвана: действует только новая",
            Self::UnknownStep { .. } => "Такой записи в журнале карточек не бывает",
        }
    }
}

#[cfg(test)]
mod tests;
