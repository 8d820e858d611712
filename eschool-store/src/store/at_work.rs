//! Somebody at work in a school.

use chrono::NaiveDate;
use eschool_core::{
    id::SchoolId,
    identity::FullName,
    people::{School, StaffPost},
    policy::Rules,
};

use super::{Session, Store, StoreError, overtaken::Tries, standing::Standings};
use crate::backend::{AuditEntry, Backend, Changes, Tx};

/// Somebody at work in a school.
pub(super) struct AtWork {
    pub(super) school: School,
    pub(super) today: NaiveDate,
    pub(super) standings: Standings,
    /// Who has a post today, once for each.
    pub(super) staff: Vec<(StaffPost, FullName)>,
}

impl<B: Backend> Store<B> {
    /// Who somebody is in a school today. An unknown school is nobody's.
    pub(super) async fn at_work(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        school: SchoolId,
    ) -> Result<AtWork, StoreError> {
        let mut staff = tx.staff(school).await?;
        let school = tx.school(school).await?.ok_or(StoreError::SchoolNotFound)?;
        let today = self.today(&school);
        // A former teacher gives no lesson, and is not who a printed name means.
        staff.retain(|(post, _)| post.holds_on(today));
        let standings = Standings::load(tx, session, school.id, today).await?;
        Ok(AtWork { school, today, standings, staff })
    }

    /// Puts looks on record, before anything is told of them; it waits for nobody.
    pub(super) async fn note(&self, audit: Vec<AuditEntry>) -> Result<(), StoreError> {
        if audit.is_empty() {
            return Ok(());
        }
        let changes = Changes { audit, ..Changes::default() };
        let mut tries = Tries::new();
        loop {
            match self.append(&changes).await {
                Err(error) if tries.again(&error) => {}
                appended => return appended,
            }
        }
    }

    async fn append(&self, changes: &Changes) -> Result<(), StoreError> {
        let mut tx = self.write_in(&[]).await?;
        tx.apply(changes).await?;
        Ok(tx.commit().await?)
    }

    pub(super) fn rules(&self, day: NaiveDate) -> &Rules {
        self.inner.policy.rules_on(day)
    }
}
