//! Signing in through ЕСИА.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    identity::{MobilePhone, Snils},
    people::KeptApart,
    policy::SignInMethod,
    signin::{
        Attempt, Candidate, EsiaPerson, Facts, Grant, LookupKeys, RefusalCode, admit, decide,
    },
};

use super::{SignInError, SignedIn, Store, StoreError, sign_in::commit};
use crate::{
    backend::{Backend, Changes, Claim, Removed, Turn, Tx},
    secret::{ClaimKind, KeyHash},
};

/// Whom the keys of a person found.
#[derive(Default)]
pub(super) struct Found {
    /// Every account that holds one of the keys, and every other account of the same people.
    pub(super) candidates: Vec<Candidate>,
    /// Which of them somebody settled to be two people's.
    pub(super) kept_apart: Vec<KeptApart>,
    /// Whether two people were once seen to share the phone.
    pub(super) phone_is_shared: bool,
    /// The time zones of their schools.
    zones: BTreeMap<SchoolId, Tz>,
}

impl<B: Backend> Store<B> {
    /// Signs in somebody whom ЕСИА vouches for.
    ///
    /// The person is found by СНИЛС and verified phone, as the policy says, and stands with every
    /// account that is joined to those found. Ages and days are judged by the date at the school;
    /// where the schools found lie in several time zones, by the date of the installation.
    ///
    /// After a refusal what ЕСИА said is kept sealed for a while, under the code that the refusal
    /// names; [`refused_sign_in`](Self::refused_sign_in) opens it. The same person, refused again
    /// for the same reason, is told the same code. Nothing is locked: ЕСИА counts failures itself.
    ///
    /// ```
    /// use eschool_core::signin::EsiaPerson;
    /// use eschool_store::{SignInError, Store, backend::Backend};
    ///
    /// async fn told<B: Backend>(
    ///     store: &Store<B>,
    ///     person: EsiaPerson,
    /// ) -> Result<String, SignInError> {
    ///     match store.sign_in_with_esia(person).await {
    ///         Ok(signed_in) if signed_in.session.must_choose() => Ok("Выберите школу".into()),
    ///         Ok(_) => Ok("Здравствуйте".into()),
    ///         Err(SignInError::Refused(refusal)) => Ok(refusal.text_ru()),
    ///         Err(error) => Err(error),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SignInError::Refused`] with what to tell, [`SignInError::Store`] if the store fails.
    pub async fn sign_in_with_esia(&self, person: EsiaPerson) -> Result<SignedIn, SignInError> {
        let refused = match self.vouched(&person).await {
            Err(SignInError::Refused(refusal)) => self.keep_refused(&person, refusal).await,
            Err(SignInError::Store(error)) => Err(error),
            Ok(signed_in) => return Ok(signed_in),
        };
        Err(match refused {
            Ok(refusal) => SignInError::Refused(refusal),
            Err(error) if error.is_passing() => self.refused(RefusalCode::Busy),
            Err(error) => error.into(),
        })
    }

    /// What a sign-in of somebody whom ЕСИА vouches for would come to now; nothing is written.
    ///
    /// # Errors
    /// As [`sign_in_with_esia`](Self::sign_in_with_esia); a refusal has no code of a case.
    pub async fn foresee_esia(&self, person: EsiaPerson) -> Result<Grant, SignInError> {
        let attempt = Attempt::Esia(person);
        let keys = self.keys_of(&attempt)?;
        let mut tx = self.read().await?;
        let Found { candidates, kept_apart, phone_is_shared, zones } =
            self.found(&mut *tx, &keys).await?;
        let facts = Facts { candidates, kept_apart, phone_is_shared, ..Facts::default() };
        let at = self.at(self.common_zone(zones.into_values()));
        decide(&self.inner.policy, facts, &attempt, &at).map_err(SignInError::Refused)
    }

    async fn vouched(&self, person: &EsiaPerson) -> Result<SignedIn, SignInError> {
        let attempt = Attempt::Esia(person.clone());
        // Whom no role could accept is told so without a look into the database.
        self.keys_of(&attempt)?;
        let mut turns = self.key_turns(person.snils, person.verified_phone);
        turns.extend(self.esia_turns(&person.oid));
        let tx = self.write_in(&turns).await?;
        self.let_in(tx, person, attempt).await
    }

    /// The turns of the keys by which somebody is found: who signs in by them and who changes whose
    /// they are follow one another, so that nobody is let in by what is no longer theirs.
    pub(super) fn key_turns(&self, snils: Option<Snils>, phone: Option<MobilePhone>) -> Vec<Turn> {
        self.keys_to_look_by(snils, phone).into_iter().map(Turn::Key).collect()
    }

    /// Everything by which the accounts of somebody may be found.
    pub(super) fn keys_to_look_by(
        &self,
        snils: Option<Snils>,
        phone: Option<MobilePhone>,
    ) -> Vec<KeyHash> {
        let snils = snils.map(|snils| self.snils_keys(snils));
        let phone = phone.map(|phone| self.phone_keys(phone));
        [snils, phone].into_iter().flatten().flatten().collect()
    }

    fn keys_of(&self, attempt: &Attempt) -> Result<LookupKeys, SignInError> {
        admit(&self.inner.policy, attempt, &self.here()).map_err(SignInError::Refused)
    }

    /// Lets in whom the core grants it, and commits; a refusal leaves no trace in the transaction.
    pub(super) async fn let_in(
        &self,
        mut tx: Box<dyn Tx>,
        person: &EsiaPerson,
        attempt: Attempt,
    ) -> Result<SignedIn, SignInError> {
        let keys = self.keys_of(&attempt)?;
        let Found { candidates, kept_apart, phone_is_shared, zones } =
            self.found(&mut *tx, &keys).await?;
        let people: BTreeMap<_, _> = candidates
            .iter()
            .map(|found| ((found.account.school, found.account.id), found.account.person))
            .collect();
        let zone = self.common_zone(zones.into_values());
        let at = self.at(zone);
        let facts = Facts { candidates, kept_apart, phone_is_shared, ..Facts::default() };
        let grant =
            decide(&self.inner.policy, facts, &attempt, &at).map_err(SignInError::Refused)?;

        let (claims, former) = self.new_esia_claims(&mut *tx, person, &grant, &people).await?;
        let actor = grant.accounts.first().map(|grant| (grant.school, grant.account));
        let (token, row) = self.new_session(grant, SignInMethod::Esia, zone);
        let session = row.clone().into();
        let changes = Changes {
            removed: Removed { claims: former, ..Removed::default() },
            claims,
            sessions: vec![row],
            audit: vec![self.audit_entry("sign_in", "granted", actor, None)],
            ..Changes::default()
        };
        commit(tx, changes).await?;
        Ok(SignedIn { token, device: None, session })
    }

    /// Every account that holds one of these keys, and the others of the same people.
    pub(super) async fn found(
        &self,
        tx: &mut dyn Tx,
        keys: &LookupKeys,
    ) -> Result<Found, StoreError> {
        let LookupKeys::Esia { snils, phone } = keys else { return Ok(Found::default()) };
        let claims = tx.claims(&self.keys_to_look_by(*snils, *phone)).await?;
        let people: BTreeSet<PersonId> = claims.iter().map(|claim| claim.person).collect();
        let people: Vec<PersonId> = people.into_iter().collect();
        let joined = tx.accounts_of(&people).await?;
        let holders = claims.iter().map(|claim| (claim.school, claim.account));
        let accounts: BTreeSet<_> = holders.chain(joined).collect();
        let accounts: Vec<_> = accounts.into_iter().collect();
        let ids: Vec<AccountId> = accounts.iter().map(|(_, account)| *account).collect();
        let kept_apart = tx.kept_apart(Some(&ids)).await?;
        let phone_is_shared = self.is_shared(tx, *phone).await?;
        let mut found = Found { kept_apart, phone_is_shared, ..Found::default() };
        for member in tx.members(&accounts).await? {
            let school = member.account.school;
            let zone = match found.zones.get(&school) {
                Some(zone) => *zone,
                None => self.school_zone(tx, school).await?,
            };
            found.zones.insert(school, zone);
            let today = self.at(zone).date;
            let consents = self.consents_of(tx, &member, today).await?;
            found.candidates.push(self.candidate(&member, consents, today)?);
        }
        Ok(found)
    }

    /// By whose clock somebody is judged: that of their schools, if they share one, else that of
    /// the installation.
    pub(super) fn common_zone(&self, mut zones: impl Iterator<Item = Tz>) -> Tz {
        zones
            .next()
            .filter(|zone| zones.all(|other| other == *zone))
            .unwrap_or(self.inner.settings.time_zone)
    }

    /// That the accounts a person was let into are the ones of this number in ЕСИА, where that is
    /// not noted yet with the number sealed, and that all others are where it is noted without; and
    /// the rows in whose place these stand.
    async fn new_esia_claims(
        &self,
        tx: &mut dyn Tx,
        person: &EsiaPerson,
        grant: &Grant,
        people: &BTreeMap<(SchoolId, AccountId), PersonId>,
    ) -> Result<(Vec<Claim>, Vec<Claim>), StoreError> {
        let mut noted = tx.claims(&self.esia_keys(&person.oid)).await?;
        noted.retain(|claim| claim.kind == ClaimKind::EsiaId);
        let (sealed, former): (Vec<_>, Vec<_>) =
            noted.into_iter().partition(|claim| claim.sealed.is_some());
        let holders = |claims: &[Claim]| -> BTreeMap<_, _> {
            claims.iter().map(|own| ((own.school, own.account), own.person)).collect()
        };
        let done = holders(&sealed);
        // Whatever else is noted with this number: nobody can tell it later.
        let mut due = holders(&former);
        for grant in &grant.accounts {
            let account = (grant.school, grant.account);
            due.extend(people.get(&account).map(|joined| (account, *joined)));
        }
        due.retain(|account, _| !done.contains_key(account));
        let new = due.into_iter().map(|(account, of)| self.esia_claim(&person.oid, account, of));
        Ok((new.collect::<Result<_, _>>()?, former))
    }
}
