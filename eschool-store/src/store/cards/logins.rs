//! The logins of cards, and the turns of who signs in with one.

use std::collections::BTreeSet;

use eschool_core::{
    id::{AccountId, SchoolId},
    identity::Login,
    people::{CardError, School, login_candidates},
};

use super::{IssueError, Recipient};
use crate::{
    backend::{Backend, Credential, Turn, Tx},
    store::{Store, StoreError},
};

impl<B: Backend> Store<B> {
    /// A transaction in the turn of the school and of every login these pupils get, and those
    /// logins, each with whether the pupil had it before. Who is signing in with one of them, or
    /// gives the same one to somebody of another school, comes before or after.
    pub(super) async fn in_turn_of_logins(
        &self,
        school: &School,
        recipients: &[Recipient],
    ) -> Result<(Box<dyn Tx>, Vec<(Login, bool)>), IssueError> {
        let turns = |logins: &[(Login, bool)]| {
            let keys = logins.iter().flat_map(|(login, _)| self.login_turns(login.as_str()));
            [Turn::School(school.id)].into_iter().chain(keys).collect::<Vec<_>>()
        };
        loop {
            let mut tx = self.read().await?;
            let foreseen = self.logins(&mut *tx, school, recipients).await?;
            drop(tx);
            let mut tx = self.write_in(&turns(&foreseen)).await?;
            let logins = self.logins(&mut *tx, school, recipients).await?;
            if logins == foreseen {
                return Ok((tx, logins));
            }
        }
    }

    /// A transaction in the turn of the school and of the login that a pupil has, and the card with
    /// it, if there is one.
    pub(super) async fn in_turn_of_card(
        &self,
        school: SchoolId,
        pupil: AccountId,
    ) -> Result<(Box<dyn Tx>, Option<Credential>), StoreError> {
        let login = |card: &Option<Credential>| card.as_ref().map(|card| card.login_hash);
        loop {
            let mut tx = self.read().await?;
            let foreseen = login(&tx.credentials_of(&[(school, pupil)]).await?.pop());
            drop(tx);
            let turns: Vec<_> =
                [Turn::School(school)].into_iter().chain(foreseen.map(Turn::Key)).collect();
            let mut tx = self.write_in(&turns).await?;
            let card = tx.credentials_of(&[(school, pupil)]).await?.pop();
            if login(&card) == foreseen {
                return Ok((tx, card));
            }
        }
    }

    async fn logins(
        &self,
        tx: &mut dyn Tx,
        school: &School,
        recipients: &[Recipient],
    ) -> Result<Vec<(Login, bool)>, IssueError> {
        let keys: Vec<_> = recipients.iter().map(|one| (school.id, one.account)).collect();
        let held = tx.credentials_of(&keys).await?;
        let mut taken = BTreeSet::new();
        let mut logins = Vec::with_capacity(recipients.len());
        for recipient in recipients {
            let kept = held.iter().find(|c| c.account == recipient.account).map(|c| &c.login);
            let mut login = kept.cloned();
            let mut candidates = login_candidates(&school.login_prefix, &recipient.name);
            while login.is_none() {
                let Some(candidate) = candidates.next() else { break };
                let free = !taken.contains(&candidate)
                    && self.card_of(tx, candidate.as_str()).await?.is_none();
                login = Some(candidate).filter(|_| free);
            }
            let login = login.ok_or(CardError::NoLogin)?;
            taken.insert(login.clone());
            logins.push((login, kept.is_some()));
        }
        Ok(logins)
    }
}
