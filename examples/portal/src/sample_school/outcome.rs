//! What will come of a sign-in today: the core's own answer, in a few words.

use chrono::NaiveDate;
use eschool_core::{
    id::SchoolId,
    journal::Stay,
    people::Account,
    policy::SignInPolicy,
    signin::{At, Attempt, Candidate, Facts, PasswordAttempt, PasswordCheck, PupilFacts, decide},
};
use eschool_store::backend::{Access, Backend as _, Registry, StoredAccount};

use super::{ZONE, is_called};
use crate::{
    start::{Installation, StartError},
    view::{NBSP, date},
};

/// The registry of the sample school, to ask about its pupils.
pub(super) struct Outcomes<'a> {
    registry: Registry,
    policy: &'a SignInPolicy,
    at: At,
}

impl<'a> Outcomes<'a> {
    /// Reads the registry as it is now.
    pub(super) async fn read(
        installation: &'a Installation,
        school: SchoolId,
    ) -> Result<Self, StartError> {
        let mut tx = installation.backend.begin(Access::Read).await?;
        let registry = tx.registry(school).await?;
        let instant = installation.ambient.now();
        let at = At { instant, date: instant.with_timezone(&ZONE).date_naive() };
        Ok(Self { registry, policy: installation.policy(), at })
    }

    /// What a pupil with the right password is told.
    pub(super) fn of(&self, name: &str, class: &str) -> String {
        let Some(account) = self.account(name, class) else {
            return "такого ученика нет".into();
        };
        let stays = self.registry.stays.iter().filter(|stay| stay.pupil == account.id);
        let facts = Facts {
            locked_until: None,
            password: Some(PasswordCheck::Right),
            candidates: vec![Candidate {
                account: opened(account),
                pupil: Some(PupilFacts { until: last_day(stays) }),
                parent: None,
                staff: None,
            }],
        };
        let attempt = Attempt::Password(PasswordAttempt { login: String::new() });
        match decide(self.policy, facts, &attempt, &self.at) {
            Ok(grant) => match grant.password_ends {
                Some(ends) => format!("откроется дневник, {}", ending(ends, self.at.date)),
                None => "откроется дневник".into(),
            },
            Err(refusal) => format!("отказ {}: «{}»", refusal.code, refusal.text_ru()),
        }
    }

    fn account(&self, name: &str, class: &str) -> Option<&StoredAccount> {
        let Registry { accounts, stays, classes, .. } = &self.registry;
        let in_class = |account: &StoredAccount| {
            stays.iter().filter(|stay| stay.pupil == account.id).any(|stay| {
                classes.iter().any(|c| c.id == stay.class && c.name.to_string() == class)
            })
        };
        accounts.iter().find(|account| is_called(&account.name, name) && in_class(account))
    }
}

fn ending(ends: NaiveDate, today: NaiveDate) -> String {
    format!("с{NBSP}{} – только через ЕСИА", date::day_month_near(ends, today))
}

/// The account without what is sealed: a pupil is not judged by it.
fn opened(account: &StoredAccount) -> Account {
    Account {
        id: account.id,
        school: account.school,
        person: account.person,
        name: account.name.clone(),
        birth_date: account.birth_date,
        snils: None,
        phone: None,
        email: None,
    }
}

/// The last day in the school; none while a stay goes on.
fn last_day<'a>(stays: impl Iterator<Item = &'a Stay>) -> Option<NaiveDate> {
    stays.map(|stay| stay.to.unwrap_or(NaiveDate::MAX)).max().filter(|day| *day != NaiveDate::MAX)
}
