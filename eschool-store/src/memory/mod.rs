//! A database in memory: for tests, and the model every other backend is compared with.
//!
//! * `state`: the rows, in maps keyed as [`Changes`](crate::backend::Changes) tells.
//! * `apply`: how changes replace rows.
//! * `people`, `journal`, `diary`, `merges`, `year`: the loads, as plain walks over the maps.
//! * `tx`: snapshots and the writer's turn.
//!
//! It is written to be obviously right, not fast: no index beyond the maps' own order.

mod apply;
mod archive;
mod audit;
mod diary;
mod family;
mod journal;
mod merges;
mod people;
mod state;
mod tx;
mod year;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::time::timeout;

use self::{
    state::State,
    tx::{MemoryTx, Writer},
};
use crate::backend::{Access, Backend, BackendError, Tx};

/// A database in memory. Clones share what is in it; it is gone with the last of them.
///
/// ```
/// use eschool_store::{backend::{Access, Backend}, memory::MemoryBackend};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// let backend = MemoryBackend::new();
/// let mut tx = backend.begin(Access::Read).await?;
/// assert!(tx.schools().await?.is_empty());
/// # Ok::<(), eschool_store::backend::BackendError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Transactions
/// A reader holds the state that was committed when it began, and waits for nobody. Writers take
/// turns in the order they came; each works on a copy that takes the state's place at commit. A
/// writer that has waited five seconds is told [`BackendError::Busy`].
#[derive(Clone, Debug)]
pub struct MemoryBackend {
    /// What is committed. The lock is held only to take or replace the pointer.
    committed: Arc<Mutex<Arc<State>>>,
    /// The writers' turn.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// How long a writer waits for its turn.
    patience: Duration,
}

impl MemoryBackend {
    /// An empty database.
    #[must_use]
    pub fn new() -> Self {
        Self { committed: Arc::default(), turn: Arc::default(), patience: Duration::from_secs(5) }
    }

    fn snapshot(&self) -> Arc<State> {
        Arc::clone(&self.committed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for MemoryBackend {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Backend for MemoryBackend {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let writer = match access {
            Access::Read => None,
            Access::Write | Access::InTurn(_) => {
                let turn = timeout(self.patience, Arc::clone(&self.turn).lock_owned())
                    .await
                    .map_err(|_| BackendError::Busy)?;
                Some(Writer::new(Arc::clone(&self.committed), turn))
            }
        };
        // A writer's snapshot is taken in its turn, so that it sees whatever was committed before.
        Ok(Box::new(MemoryTx::new(self.snapshot(), writer)))
    }
}

#[cfg(test)]
mod tests {
    use eschool_core::{
        policy::SignInPolicy,
        signin::{Assurance, EsiaPerson, RefusalCode},
    };

    use super::*;
    #[cfg(feature = "exchange")]
    use crate::testing::imports;
    use crate::{
        AcceptError, SignInError,
        testing::{
            fixtures::school_id,
            store::{Harness, families},
        },
    };

    crate::conformance!(async { MemoryBackend::new() });

    #[cfg(feature = "exchange")]
    #[tokio::test]
    async fn what_was_done_since_outlives_the_same_files() {
        imports::what_was_done_since_outlives_the_same_files(MemoryBackend::new()).await;
    }

    #[cfg(feature = "exchange")]
    #[tokio::test]
    async fn a_year_in_an_archive_takes_no_journals() {
        imports::a_year_in_an_archive_takes_no_journals(MemoryBackend::new()).await;
    }

    #[cfg(feature = "exchange")]
    #[tokio::test]
    async fn another_lookup_key_makes_nobody_new() {
        imports::another_lookup_key_makes_nobody_new(MemoryBackend::new()).await;
    }

    #[cfg(feature = "exchange")]
    #[tokio::test]
    async fn a_row_without_a_first_day_makes_no_second_stay() {
        imports::a_row_without_a_first_day_makes_no_second_stay(MemoryBackend::new()).await;
    }

    #[tokio::test]
    async fn a_writer_that_waited_too_long_is_told_so() {
        let backend = MemoryBackend { patience: Duration::from_millis(20), ..Default::default() };
        let first = backend.begin(Access::Write).await.unwrap();
        let second = backend.begin(Access::Write).await;
        assert!(matches!(second.err(), Some(BackendError::Busy)));
        drop(first);
        assert!(backend.begin(Access::Write).await.is_ok());
    }

    #[tokio::test]
    async fn who_signs_in_while_another_writes_for_too_long_is_told_to_come_again() {
        let backend = MemoryBackend { patience: Duration::from_millis(20), ..Default::default() };
        let policy = SignInPolicy::udmurtia_2023();
        let harness = Harness::with_families(backend.clone(), policy).await;
        let invitation = harness.store.invite_administrator(school_id(1)).await.unwrap();
        let unconfirmed =
            EsiaPerson { assurance: Assurance::Unconfirmed, ..families::MOTHER.in_esia() };
        let writer = backend.begin(Access::Write).await.unwrap();
        for person in [families::MOTHER.in_esia(), unconfirmed] {
            let Err(SignInError::Refused(refusal)) = harness.store.sign_in_with_esia(person).await
            else {
                panic!("a refusal")
            };
            assert_eq!((refusal.code, refusal.case), (RefusalCode::Busy, None));
        }
        let token = invitation.token.to_text();
        let accepted = harness.store.accept_invitation(&token, families::NEWCOMER.in_esia()).await;
        let Err(AcceptError::Refused(refusal)) = accepted else { panic!("a refusal") };
        assert_eq!(refusal.code, RefusalCode::Busy);
        drop(writer);
        assert!(harness.store.sign_in_with_esia(families::MOTHER.in_esia()).await.is_ok());
    }

    #[tokio::test]
    async fn clones_share_what_is_in_it() {
        let (backend, school) = (MemoryBackend::new(), crate::testing::fixtures::school(1));
        let changes =
            crate::backend::Changes { schools: vec![school.clone()], ..Default::default() };
        let mut tx = backend.begin(Access::Write).await.unwrap();
        tx.apply(&changes).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = backend.clone().begin(Access::Read).await.unwrap();
        assert_eq!(tx.schools().await.unwrap(), [school]);
    }
}
