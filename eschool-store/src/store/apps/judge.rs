//! Whether a person may still be in.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem::discriminant,
};

use chrono::NaiveDate;
use eschool_core::{
    id::PersonId,
    signin::{of_one_human_being, renew},
};

use super::{AppGrantError, session_of};
use crate::{
    backend::{AppGrantRow, Backend, Tx},
    store::{Session, Store, session::start_of},
};

impl<B: Backend> Store<B> {
    /// Judges anew what an app has access to, by what the schools know of the person now and by the
    /// rules of today: accounts and roles that are no longer granted go, what was never granted does
    /// not come. Tells the day from which the password no longer serves, if it is near.
    pub(super) async fn judge_app(
        &self,
        tx: &mut dyn Tx,
        row: &mut AppGrantRow,
    ) -> Result<Option<NaiveDate>, AppGrantError> {
        let granted: Vec<_> =
            row.accounts.iter().map(|grant| (grant.school, grant.account)).collect();
        // Schools that were never merged have a person each of one human being.
        let holders = tx.members(&granted).await?;
        let mut people: BTreeSet<PersonId> =
            holders.iter().map(|member| member.account.person).collect();
        // By their accounts the others are known, though what these gave may be gone.
        people.insert(row.person);
        let people: Vec<_> = people.into_iter().collect();
        let accounts = tx.accounts_of(&people).await?;
        let (mut candidates, mut zones) = (Vec::new(), BTreeMap::new());
        for member in tx.members(&accounts).await? {
            let school = member.account.school;
            let zone = match zones.get(&school) {
                Some(zone) => *zone,
                None => self.school_zone(tx, school).await?,
            };
            zones.insert(school, zone);
            let today = self.at(zone).date;
            let consents = self.consents_of(tx, &member, today).await?;
            candidates.push(self.candidate(&member, consents, today)?);
        }
        let ids: Vec<_> = candidates.iter().map(|found| found.account.id).collect();
        let kept_apart = tx.kept_apart(Some(&ids)).await?;
        let candidates = of_one_human_being(candidates, row.person, &kept_apart);
        let zone = self.common_zone(zones.into_values());
        let at = self.at(zone);
        let policy = &self.inner.policy;
        let renewed =
            renew(policy, candidates, &row.method, &at).map_err(AppGrantError::Refused)?;
        for granted in &mut row.accounts {
            let now = renewed.accounts.iter().find(|now| now.account == granted.account);
            granted.roles.retain(|role| {
                let mut roles = now.iter().flat_map(|now| &now.roles);
                roles.any(|now| discriminant(now) == discriminant(role))
            });
        }
        row.accounts.retain(|granted| !granted.roles.is_empty());
        let left = Session { accounts: row.accounts.clone(), ..session_of(row, at.instant) };
        if left.open().next().is_none() {
            return Err(AppGrantError::Unknown);
        }
        let ends = renewed.valid_until.and_then(|day| start_of(day, zone));
        row.granted_until = [row.granted_until, ends].into_iter().flatten().min();
        Ok(renewed.password_ends)
    }
}
