//! The card journal: what becomes of a card once it is made.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, SchoolId},
    people::{CardJournal, CardJournalError, CardRecord, CardStep},
};

use super::{CardUseError, IssueError, PATIENCE, desk::CardDesk};
use crate::{
    backend::{Backend, BackendError, CardJournalEntry, Changes, Turn},
    secret::Token,
    store::{Actor, Store, StoreError, sign_in::commit},
};

impl<B: Backend> Store<B> {
    /// Writes down that a card was printed, handed out or withdrawn: for the pupil's class teacher
    /// and the administrator. The journal and the audit name who did it; at the console, nobody.
    ///
    /// A card that is withdrawn opens nothing any more: its password is nobody's, its sessions end
    /// and its devices are strangers. The login is kept for the next card, or for a new password by
    /// a letter.
    ///
    /// # Errors
    /// [`CardUseError::Step`] for a step that may not follow, [`CardUseError::NotIssuedSo`] for a new
    /// card, which [`issue_card`](Self::issue_card) makes; others as the type tells. Nothing is
    /// written then.
    pub async fn card_step(
        &self,
        by: Actor<'_>,
        school: SchoolId,
        pupil: AccountId,
        card: u32,
        step: CardStep,
    ) -> Result<CardJournal, CardUseError> {
        let (mut tx, held) = match step {
            CardStep::Issued => return Err(CardUseError::NotIssuedSo),
            CardStep::Revoked => {
                // Whoever may not is told so before they wait for anybody who signs in.
                let mut tx = self.read().await?;
                let desk = CardDesk::open(self, &mut *tx, by, school).await?;
                let (_, stays) = desk.pupil(&mut *tx, pupil).await?;
                desk.may_write(pupil, &stays)?;
                drop(tx);
                let nobodys = Token::new(self.inner.ambient.random()).to_text();
                let mut patience = PATIENCE;
                let phc = self.hash_card(&nobodys, &mut patience).await?;
                let (tx, held) = self.in_turn_of_card(school, pupil).await?;
                (tx, held.map(|held| (held, phc)))
            }
            _ => (self.write_in(&[Turn::School(school)]).await?, None),
        };
        let desk = CardDesk::open(self, &mut *tx, by, school).await?;
        let (member, stays) = desk.pupil(&mut *tx, pupil).await?;
        desk.may_write(pupil, &stays)?;
        let member = member.ok_or(CardUseError::PupilNotFound)?;
        let mut journal = journal_of(&tx.card_journal(school, &[pupil]).await?, pupil)?;
        let outcome = step.as_str().to_owned();
        let line = take_step(&mut journal, card, step, desk.actor(), self.inner.ambient.now())?;
        let mut changes = match held {
            Some((held, phc)) => self.new_password(&mut *tx, &held, phc).await?,
            None => Changes::default(),
        };
        if line.step == CardStep::Revoked {
            changes.ended_people.push(member.account.person);
        }
        changes.card_journal.push(CardJournalEntry { school, account: pupil, line });
        changes.audit.push(desk.entry("card", &outcome, pupil));
        commit(tx, changes).await?;
        Ok(journal)
    }

    /// What became of a pupil's cards, for who may look at one: the class teacher, the registrar, the
    /// administrator. The look is audited.
    ///
    /// # Errors
    /// [`CardUseError::Access`] for anybody else, [`CardUseError::PupilNotFound`].
    pub async fn card_journal(
        &self,
        by: Actor<'_>,
        school: SchoolId,
        pupil: AccountId,
    ) -> Result<CardJournal, CardUseError> {
        let mut tx = self.read().await?;
        let desk = CardDesk::open(self, &mut *tx, by, school).await?;
        let (member, stays) = desk.pupil(&mut *tx, pupil).await?;
        desk.may_look(pupil, &stays)?;
        member.ok_or(CardUseError::PupilNotFound)?;
        let journal = journal_of(&tx.card_journal(school, &[pupil]).await?, pupil)?;
        drop(tx);
        self.note(vec![desk.entry("card_journal_read", "done", pupil)]).await?;
        Ok(journal)
    }
}

/// The journal of one account.
pub(super) fn journal_of(
    entries: &[CardJournalEntry],
    account: AccountId,
) -> Result<CardJournal, StoreError> {
    let mut lines: Vec<CardRecord> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.account == account) {
        // Lines stand as they were appended, by servers whose clocks may differ.
        let at = lines.last().map_or(entry.line.at, |last| last.at.max(entry.line.at));
        lines.push(CardRecord { at, ..entry.line.clone() });
    }
    CardJournal::try_from(lines).map_err(|_| BackendError::Corrupt("card journal").into())
}

/// The line that a new card of an account begins with. Lines that are no journal keep nobody from a
/// card, nor a class: it gets a number that no line has.
pub(super) fn issued(
    entries: &[CardJournalEntry],
    account: AccountId,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<CardRecord, IssueError> {
    match journal_of(entries, account) {
        Ok(mut journal) => {
            let card = journal.next_card();
            Ok(take_step(&mut journal, card, CardStep::Issued, by, now)?)
        }
        Err(StoreError::Backend(BackendError::Corrupt(_))) => {
            let own = || entries.iter().filter(|entry| entry.account == account);
            let last = own().map(|entry| entry.line.card).max();
            let card = last.map_or(1, |card| card.saturating_add(1));
            let at = own().map(|entry| entry.line.at).fold(now, DateTime::max);
            Ok(CardRecord { card, step: CardStep::Issued, at, by })
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a step now, or with the last one where another server's clock is ahead.
pub(super) fn take_step(
    journal: &mut CardJournal,
    card: u32,
    step: CardStep,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<CardRecord, CardJournalError> {
    let at = journal.records().last().map_or(now, |last| now.max(last.at));
    let line = CardRecord { card, step, at, by };
    match by {
        Some(_) => journal.record(line.clone())?,
        None => journal.record_at_console(card, line.step.clone(), at)?,
    }
    Ok(line)
}
