//! The outbox: letters that a mailer takes and sends.

use std::{collections::BTreeSet, fmt};

use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::{
    id::{AccountId, RecoveryLinkId, SchoolId},
    journal::last_day_of,
    recovery::{
        LetterEntry, LetterWay, RecoveryAccount, RecoveryLetter, RecoveryLink, RecoveryPlan,
        RecoveryRequest, is_answered, plan_recovery,
    },
};
use uuid::Uuid;

use crate::{
    backend::{
        AuditEntry, Backend, BackendError, Changes, Credential, LetterRow, RecoveryLinkRow, Turn,
        Tx,
    },
    secret::{ClaimKind, LinkToken, Purpose, Token},
    store::{Store, StoreError, places::of_letter, sign_in::commit},
};

/// How long a mailer has before a letter is handed out again; longer with every time.
const RETRY: TimeDelta = TimeDelta::minutes(5);

/// A letter to send. What its links carry stands here alone, in clear: send it and drop this.
pub struct OutgoingLetter {
    /// Its identifier, for [`letter_sent`](Store::letter_sent).
    pub id: Uuid,
    /// Where it goes, and what it says.
    pub letter: RecoveryLetter,
    /// What the links carry, for the logins that have one.
    pub links: Vec<LinkToken>,
}

impl OutgoingLetter {
    /// What the link of an entry carries, for the address of a page; none where it has no link.
    #[must_use]
    pub fn link(&self, entry: &LetterEntry) -> Option<&LinkToken> {
        self.links.iter().find(|link| link.account() == entry.account)
    }

    /// The text of the letter in Russian. `address` makes of what a link carries the address of the
    /// page where a new password is set.
    #[must_use]
    pub fn text_ru(&self, mut address: impl FnMut(&str) -> String) -> String {
        self.letter.text_ru(|entry| {
            self.link(entry).map_or_else(String::new, |link| address(&link.to_text()))
        })
    }
}

impl fmt::Debug for OutgoingLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingLetter").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Everybody who has a login and may be meant.
struct Known {
    accounts: Vec<RecoveryAccount>,
    cards: Vec<Credential>,
    /// The last links of those cards.
    links: Vec<RecoveryLinkRow>,
}

impl Known {
    fn card(&self, account: AccountId) -> Option<&Credential> {
        self.cards.iter().find(|card| card.account == account)
    }
}

impl<B: Backend> Store<B> {
    /// Letters to send, no more than are asked for, each with fresh links. A letter is handed out
    /// again, with other links, until [`letter_sent`](Self::letter_sent) is told of it: after five
    /// minutes, then after ten, and so on for six hours. So each is sent at least once, and of one
    /// that was sent twice the last serves. What was asked by nobody who exists, or for whom the
    /// school has no address, is dropped.
    ///
    /// A letter that cannot be made, because something sealed does not open, is put off as if it had
    /// been handed out, and holds up none behind it; the audit says so.
    ///
    /// # Errors
    /// [`StoreError`] of the first letter that could not be made, if none could be.
    pub async fn take_letters(&self, limit: u32) -> Result<Vec<OutgoingLetter>, StoreError> {
        let now = self.inner.ambient.now();
        let due = self.read().await?.letters_due(now, limit).await?;
        let mut letters = Vec::with_capacity(due.len());
        let mut failed = None;
        for row in due {
            let error = match self.taken(&row).await {
                Ok(letter) => {
                    letters.extend(letter);
                    continue;
                }
                Err(error) => error,
            };
            // What somebody held up for a moment comes again with the next call.
            let is_held_up = error.is_passing();
            failed.get_or_insert(error);
            // The links of the letters that were taken stand here alone: they are given back.
            if !is_held_up && self.put_off(&row).await.is_err() {
                break;
            }
        }
        match failed {
            Some(error) if letters.is_empty() => Err(error),
            _ => Ok(letters),
        }
    }

    /// Notes that a letter was sent: it is not handed out again. One that is not there is no error.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub async fn letter_sent(&self, letter: Uuid) -> Result<(), StoreError> {
        let mut tx = self.write_in(&[self.letter_turn(letter)]).await?;
        if tx.letter(letter).await?.is_none() {
            return Ok(());
        }
        let audit = vec![self.audit_entry("recovery", "sent", None, None)];
        let changes = Changes { sent_letters: vec![letter], audit, ..Changes::default() };
        commit(tx, changes).await
    }

    pub(in crate::store) fn letter_turn(&self, letter: Uuid) -> Turn {
        Turn::Key(self.inner.vault.mac(Purpose::Token, &[b"letter", letter.as_bytes()]))
    }

    /// The letter of a row, made; none if there is nothing to send, or if another mailer has it.
    async fn taken(&self, due: &LetterRow) -> Result<Option<OutgoingLetter>, StoreError> {
        if due.expires_at <= self.inner.ambient.now() {
            let audit = vec![self.audit_entry("recovery", "expired", None, None)];
            let sent_letters = vec![due.id];
            self.in_place_of(due, Changes { sent_letters, audit, ..Changes::default() }).await?;
            return Ok(None);
        }
        let asked = self.inner.vault.open(&of_letter(due.id), &due.asked)?;
        let request = std::str::from_utf8(&asked).ok();
        let request = request.and_then(|text| text.parse::<RecoveryRequest>().ok());
        let request = request.ok_or(BackendError::Corrupt("letter"))?;
        loop {
            let mut tx = self.read().await?;
            let foreseen = self.known(&mut *tx, &request).await?;
            drop(tx);
            let turns = |known: &Known| {
                let logins =
                    known.cards.iter().flat_map(|card| self.login_turns(card.login.as_str()));
                [self.letter_turn(due.id)].into_iter().chain(logins).collect::<BTreeSet<_>>()
            };
            let held = turns(&foreseen);
            let mut tx = self.write_in(&held.iter().copied().collect::<Vec<_>>()).await?;
            if tx.letter(due.id).await?.as_ref() != Some(due) {
                return Ok(None);
            }
            let known = self.known(&mut *tx, &request).await?;
            if turns(&known) != held {
                continue;
            }
            let (letter, changes) = self.made(due, &request, known);
            commit(tx, changes).await?;
            return Ok(letter);
        }
    }

    /// Puts a letter off that could not be made.
    async fn put_off(&self, row: &LetterRow) -> Result<(), StoreError> {
        let letters = vec![handed_out(row, self.inner.ambient.now())];
        let audit = vec![self.audit_entry("recovery", "failed", None, None)];
        self.in_place_of(row, Changes { letters, audit, ..Changes::default() }).await
    }

    /// Writes what becomes of a letter, if it still is as it was seen.
    async fn in_place_of(&self, row: &LetterRow, changes: Changes) -> Result<(), StoreError> {
        let mut tx = self.write_in(&[self.letter_turn(row.id)]).await?;
        if tx.letter(row.id).await?.as_ref() == Some(row) {
            commit(tx, changes).await?;
        }
        Ok(())
    }

    /// The letter, and what handing it out changes.
    fn made(
        &self,
        row: &LetterRow,
        request: &RecoveryRequest,
        mut known: Known,
    ) -> (Option<OutgoingLetter>, Changes) {
        let now = self.inner.ambient.now();
        let entry = |outcome: &str, card: Option<&Credential>| {
            let entry = self.audit_entry("recovery", outcome, None, card.map(|card| card.account));
            AuditEntry { school: card.map(|card| card.school), ..entry }
        };
        let dropped = |outcome: &str, card: Option<&Credential>| {
            let audit = vec![entry(outcome, card)];
            Changes { sent_letters: vec![row.id], audit, ..Changes::default() }
        };
        let Known { accounts, cards, links } = &mut known;
        let found = accounts.len();
        accounts.retain(|RecoveryAccount { account, .. }| {
            let link = links.iter().find(|row| row.link.account() == *account);
            let card = cards.iter().find(|card| card.account == *account);
            let link = link.map(|row| &row.link);
            card.is_none_or(|card| !is_answered(row.asked_at, card.issued_at, link))
        });
        if accounts.is_empty() && found > 0 {
            return (None, dropped("answered", None));
        }
        let letter = match plan_recovery(&self.inner.policy, request, &known.accounts, now) {
            RecoveryPlan::Nobody => return (None, dropped("nobody", None)),
            RecoveryPlan::ByHand { account, .. } => {
                return (None, dropped("by_hand", known.card(account)));
            }
            RecoveryPlan::Letter(letter) => letter,
        };
        let mut changes = Changes::default();
        let mut links = Vec::new();
        for login in &letter.entries {
            let Some(card) = known.card(login.account) else { continue };
            changes.audit.push(entry("letter", Some(card)));
            if !matches!(login.way, LetterWay::Link { .. }) {
                continue;
            }
            let token = Token::new(self.inner.ambient.random());
            let link = LinkToken::new(card.school, card.account, token);
            let id = RecoveryLinkId(self.inner.ambient.new_id());
            changes.recovery_links.push(RecoveryLinkRow {
                school: card.school,
                token: link.hash(),
                link: RecoveryLink::new(id, card.account, now),
            });
            links.push(link);
        }
        changes.letters.push(handed_out(row, now));
        (Some(OutgoingLetter { id: row.id, letter, links }), changes)
    }

    /// Whoever has the login or the e-mail, and everybody else of the same e-mail.
    async fn known(&self, tx: &mut dyn Tx, request: &RecoveryRequest) -> Result<Known, StoreError> {
        let mut found: BTreeSet<(SchoolId, AccountId)> = BTreeSet::new();
        let email = match request {
            RecoveryRequest::Email(email) => Some(email.clone()),
            RecoveryRequest::Login(login) => {
                let card = self.card_of(tx, login.as_str()).await?;
                found.extend(card.map(|card| (card.school, card.account)));
                let members = tx.members(&found.iter().copied().collect::<Vec<_>>()).await?;
                match members.first() {
                    Some(member) => self.open_account(&member.account)?.email,
                    None => None,
                }
            }
        };
        if let Some(email) = email {
            let claims = tx.claims(&self.email_keys(&email)).await?;
            let claims = claims.into_iter().filter(|claim| claim.kind == ClaimKind::Email);
            found.extend(claims.map(|claim| (claim.school, claim.account)));
        }
        let found: Vec<_> = found.into_iter().collect();
        let cards = tx.credentials_of(&found).await?;
        let (mut accounts, mut links) = (Vec::with_capacity(cards.len()), Vec::new());
        for card in &cards {
            accounts.extend(self.recovery_account(tx, card).await?);
            links.extend(tx.recovery_link(card.school, card.account).await?);
        }
        Ok(Known { accounts, cards, links })
    }

    /// What recovery judges of the holder of a card.
    pub(super) async fn recovery_account(
        &self,
        tx: &mut dyn Tx,
        card: &Credential,
    ) -> Result<Option<RecoveryAccount>, StoreError> {
        let members = tx.members(&[(card.school, card.account)]).await?;
        let Some(member) = members.first() else { return Ok(None) };
        let account = self.open_account(&member.account)?;
        let zone = self.school_zone(tx, card.school).await?;
        Ok(Some(RecoveryAccount {
            account: card.account,
            login: card.login.clone(),
            name: account.name,
            email: account.email,
            birth_date: account.birth_date,
            until: last_day_of(&member.stays),
            today: self.at(zone).date,
        }))
    }
}

/// A letter that was handed to a mailer now: it comes again later.
fn handed_out(row: &LetterRow, now: DateTime<Utc>) -> LetterRow {
    let attempts = row.attempts.saturating_add(1);
    let wait = i32::try_from(attempts).map_or(RETRY, |attempts| RETRY * attempts.min(60));
    LetterRow { attempts, due_at: now + wait, ..row.clone() }
}
