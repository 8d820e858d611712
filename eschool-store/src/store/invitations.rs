//! Invitations: how a school gets its first administrator.

use chrono::{DateTime, Utc};
use eschool_core::{
    error::CodedError,
    id::{AccountId, PersonId, SchoolId},
    people::{AccountEntry, Duty, School},
    signin::{
        At, Attempt, Candidate, EsiaPerson, Identified, LookupKeys, Refusal, RefusalCode,
        admit_invited, identify,
    },
};
use thiserror::Error;

use super::{SignInError, SignedIn, Store, StoreError, esia::Found, sign_in::commit};
use crate::{
    backend::{AuditEntry, Backend, BackendError, Changes, DutyRow, InvitationRow, Turn, Tx},
    secret::Token,
};

/// An invitation that was made: its token, for a link that is handed to the one who is meant.
#[derive(Debug)]
pub struct Invitation {
    /// What the link carries; the database has its hash alone.
    pub token: Token,
    /// When the link ends.
    pub expires_at: DateTime<Utc>,
}

/// Why an invitation is none.
#[derive(Debug, Error)]
pub enum InvitationError {
    /// It is unknown, was used, or its time is over.
    #[error("the invitation has ended; ask for a new one")]
    Ended,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for InvitationError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for InvitationError {
    fn code(&self) -> &'static str {
        match self {
            Self::Ended => "invitation_ended",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Ended => "Приглашение больше не действует. Попросите новое",
            Self::Store(error) => error.text_ru(),
        }
    }
}

/// Why an invitation was not accepted.
#[derive(Debug, Error)]
pub enum AcceptError {
    /// It is unknown, was used, or its time is over.
    #[error("the invitation has ended; ask for a new one")]
    Ended,
    /// The rules say no to this person; the invitation stays good.
    #[error("sign-in refused: {}", .0.code)]
    Refused(Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<InvitationError> for AcceptError {
    fn from(error: InvitationError) -> Self {
        match error {
            InvitationError::Ended => Self::Ended,
            InvitationError::Store(error) => Self::Store(error),
        }
    }
}

impl From<BackendError> for AcceptError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl From<SignInError> for AcceptError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused(refusal) => Self::Refused(refusal),
            SignInError::Store(error) => Self::Store(error),
        }
    }
}

impl<B: Backend> Store<B> {
    /// Makes an invitation to administer a school. Whoever has its token may accept it, once.
    ///
    /// # Errors
    /// [`StoreError::SchoolNotFound`] for an unknown school, others if the database fails.
    pub async fn invite_administrator(&self, school: SchoolId) -> Result<Invitation, StoreError> {
        let now = self.inner.ambient.now();
        let mut tx = self.write_in(&[]).await?;
        tx.school(school).await?.ok_or(StoreError::SchoolNotFound)?;
        let token = Token::new(self.inner.ambient.random());
        let expires_at = now + self.inner.settings.invitation;
        let mut audit = self.audit_entry("invitation", "made", None, None);
        audit.school = Some(school);
        let row = InvitationRow {
            token: token.hash(),
            school,
            duty: Duty::Administrator,
            created_at: now,
            expires_at,
            used_at: None,
            used_by: None,
        };
        let changes = Changes { invitations: vec![row], audit: vec![audit], ..Changes::default() };
        commit(tx, changes).await?;
        Ok(Invitation { token, expires_at })
    }

    /// The school that invites whoever has this token.
    ///
    /// # Errors
    /// [`InvitationError::Ended`] for a malformed or unknown token and for an invitation that was
    /// used or whose time is over: they are not told apart.
    pub async fn invitation(&self, token: &str) -> Result<School, InvitationError> {
        let mut tx = self.read().await?;
        let (_, school) = self.good_invitation(&mut *tx, token).await?;
        Ok(school)
    }

    /// Accepts an invitation: somebody whom ЕСИА vouches for has the duty from today on, and is
    /// signed in. The account is the one the school has of the person, else a new one with what
    /// ЕСИА vouches for; it is joined to an account of another school only by an equal СНИЛС.
    /// Who comes with an invitation that has ended is noted in the audit.
    ///
    /// # Errors
    /// [`AcceptError::Ended`] as for [`invitation`](Self::invitation).
    /// [`AcceptError::Refused`] with `esia_not_confirmed` if the policy does not let staff in with
    /// this type of ЕСИА account, `not_found` without a СНИЛС, `ambiguous` if the school has
    /// somebody else under this СНИЛС. After a refusal nothing is changed, the invitation stays
    /// good, and what ЕСИА said is kept as after any refused sign-in.
    pub async fn accept_invitation(
        &self,
        token: &str,
        person: EsiaPerson,
    ) -> Result<SignedIn, AcceptError> {
        let noted = match self.accept(token, &person).await {
            Ok(signed_in) => return Ok(signed_in),
            Err(AcceptError::Refused(refusal)) => {
                self.keep_refused(&person, refusal).await.map(AcceptError::Refused)
            }
            Err(AcceptError::Ended) => self.note_ended(token).await.map(|()| AcceptError::Ended),
            Err(AcceptError::Store(error)) => Err(error),
        };
        Err(match noted {
            Ok(error) => error,
            Err(error) if error.is_passing() => {
                AcceptError::Refused(self.refusal(RefusalCode::Busy))
            }
            Err(error) => error.into(),
        })
    }

    async fn accept(&self, token: &str, person: &EsiaPerson) -> Result<SignedIn, AcceptError> {
        let mut tx = self.read().await?;
        let (invitation, school) = self.good_invitation(&mut *tx, token).await?;
        drop(tx);
        let mut turns = self.key_turns(person.snils, person.verified_phone);
        turns.extend([Turn::Token(invitation.token), Turn::School(school.id)]);
        turns.extend(self.esia_turns(&person.oid));
        let mut tx = self.write_in(&turns).await?;
        let (invitation, school) = self.good_invitation(&mut *tx, token).await?;
        let at = self.at(self.zone(&school));
        let snils = admit_invited(&self.inner.policy, person, &at).map_err(AcceptError::Refused)?;
        let keys = LookupKeys::Esia { snils: Some(snils), phone: person.verified_phone };
        let found = self.found(&mut *tx, &keys).await?;

        let mut changes = Changes::default();
        let account = match self.known_to(school.id, person, found, &at)? {
            Known::Here(account) => account,
            Known::Elsewhere(person_id) => {
                self.new_account(person, school.id, person_id, &mut changes)?
            }
            Known::Nowhere => {
                let person_id = PersonId(self.inner.ambient.new_id());
                self.new_account(person, school.id, person_id, &mut changes)?
            }
        };
        self.note_shared_phones(&mut *tx, &[], &mut changes).await?;
        let known = tx.members(&[(school.id, account)]).await?;
        let held = known.iter().flat_map(|member| &member.duties);
        // Who has the duty already keeps its first day.
        if held.filter(|row| row.duty == invitation.duty).count() == 0 {
            let duty = invitation.duty.clone();
            changes.duties.push((school.id, DutyRow { account, duty, since: at.date }));
        }
        changes.invitations.push(InvitationRow {
            used_at: Some(at.instant),
            used_by: Some(account),
            ..invitation
        });
        let actor = Some((school.id, account));
        changes.audit.push(self.audit_entry("invitation", "accepted", actor, Some(account)));
        tx.apply(&changes).await?;
        Ok(self.let_in(tx, person, Attempt::Esia(person.clone())).await?)
    }

    /// Notes that somebody whom ЕСИА vouches for came with an invitation that has ended, and of
    /// which school, if it ever was one.
    async fn note_ended(&self, token: &str) -> Result<(), StoreError> {
        let mut tx = self.write_in(&[]).await?;
        let invitation = match Token::parse(token) {
            Ok(token) => tx.invitation(&token.hash()).await?,
            Err(_) => None,
        };
        let school = invitation.map(|row| row.school);
        let entry = self.audit_entry("invitation", "ended", None, None);
        let audit = vec![AuditEntry { school, ..entry }];
        commit(tx, Changes { audit, ..Changes::default() }).await
    }

    async fn good_invitation(
        &self,
        tx: &mut dyn Tx,
        token: &str,
    ) -> Result<(InvitationRow, School), InvitationError> {
        let token = Token::parse(token).map_err(|_| InvitationError::Ended)?;
        let now = self.inner.ambient.now();
        let invitation = tx
            .invitation(&token.hash())
            .await?
            .filter(|row| row.used_at.is_none() && now < row.expires_at)
            .ok_or(InvitationError::Ended)?;
        let school = tx.school(invitation.school).await?.ok_or(InvitationError::Ended)?;
        Ok((invitation, school))
    }

    /// As whom a school knows the invited person.
    fn known_to(
        &self,
        school: SchoolId,
        person: &EsiaPerson,
        found: Found,
        at: &At,
    ) -> Result<Known, AcceptError> {
        let rules = self.inner.policy.rules_on(at.date);
        let is_here = |candidate: &&Candidate| candidate.account.school == school;
        // A school has one account of a СНИЛС: a second one is never made beside it.
        let is_taken =
            found.candidates.iter().filter(is_here).any(|c| c.account.snils == person.snils);
        let ambiguous = || Err(AcceptError::Refused(Refusal::new(RefusalCode::Ambiguous, rules)));
        // A phone that people share identifies none of them.
        let verified_phone = person.verified_phone.filter(|_| !found.phone_is_shared);
        let vouched = EsiaPerson { verified_phone, ..person.clone() };
        match identify(rules, &vouched, &found.candidates, &found.kept_apart) {
            Identified::Ambiguous => ambiguous(),
            Identified::Person(accounts) => {
                let is_here = |candidate: &&&Candidate| is_here(candidate);
                let mut here: Vec<_> = accounts.iter().filter(is_here).collect();
                // Who already works here is known by that account.
                here.sort_by_key(|candidate| (candidate.staff.is_none(), candidate.account.id));
                // A phone alone joins nobody across schools.
                let same = accounts.iter().filter(|c| c.account.snils == person.snils);
                match (here.first(), same.map(|c| c.account.person).min()) {
                    (Some(candidate), _) => Ok(Known::Here(candidate.account.id)),
                    (None, _) if is_taken => ambiguous(),
                    (None, Some(person)) => Ok(Known::Elsewhere(person)),
                    (None, None) => Ok(Known::Nowhere),
                }
            }
            Identified::Nobody if is_taken => ambiguous(),
            Identified::Nobody => Ok(Known::Nowhere),
        }
    }

    /// An account of what ЕСИА vouches for.
    fn new_account(
        &self,
        person: &EsiaPerson,
        school: SchoolId,
        person_id: PersonId,
        changes: &mut Changes,
    ) -> Result<AccountId, StoreError> {
        let entry = AccountEntry {
            name: person.name.clone(),
            birth_date: person.birth_date,
            snils: person.snils,
            phone: person.verified_phone,
            email: None,
        };
        let id = AccountId(self.inner.ambient.new_id());
        let (stored, claims) = self.seal_account(&entry.into_account(id, school, person_id))?;
        changes.accounts.push(stored);
        changes.claims.extend(claims);
        Ok(id)
    }
}

/// As whom a school knows somebody.
enum Known {
    /// By this account of its own.
    Here(AccountId),
    /// Not, but another school has this person's СНИЛС.
    Elsewhere(PersonId),
    /// No school has it.
    Nowhere,
}
