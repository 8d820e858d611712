//! A transaction on a connection of the pool, and how long the server's answers are waited for.
//!
//! A server may be silent without its connections breaking: it was stopped, or its machine is gone.
//! Then its own limits say nothing, so there is one on this side too; and a connection on which an
//! answer is due is never given back, for whoever had it next would wait for that answer, within a
//! transaction that is not theirs.

use std::{cell::Cell, pin::pin, time::Duration};

use sqlx::{Postgres, SqlStr, pool::PoolConnection, postgres::PgTransactionManager};
use sqlx_core::transaction::TransactionManager as _;
use tokio::{
    runtime::Handle,
    time::{Instant, timeout, timeout_at},
};

use super::{PostgresSettings, failure::failed};
use crate::backend::BackendError;

/// A transaction that has begun; dropped, it is rolled back.
pub(super) struct Begun {
    pub(super) connection: PoolConnection<Postgres>,
    pub(super) deadline: Deadline,
}

/// How long an answer is waited for.
pub(super) struct Deadline {
    limit: Duration,
    /// For an answer that nothing keeps the server from giving at once.
    patience: Duration,
    /// Whether an answer is due: nothing else can be asked then.
    is_waiting: bool,
}

tokio::task_local! {
    /// When the server last answered one of several things that are asked one after another.
    static HEARD: Cell<Instant>;
}

/// Says that the server answered one of several things that are waited for together.
pub(super) fn heard() {
    // Nobody waits, where a connection is used without a deadline.
    let _ = HEARD.try_with(|last| last.set(Instant::now()));
}

/// What is told of a server that does not answer.
pub(super) fn silent() -> BackendError {
    BackendError::Unavailable("the server does not answer".into())
}

impl Deadline {
    pub(super) const fn of(settings: &PostgresSettings) -> Self {
        let patience = settings.patience;
        Self { limit: settings.statement.saturating_add(patience), patience, is_waiting: false }
    }

    /// Waits for what the server answers: longer than it lets one statement take, so that it can say
    /// so itself. Several that are asked one after another have no longer together, but for those
    /// that tell of [each answer](heard): they may be as many as a region has accounts.
    pub(super) async fn keep<T>(
        &mut self,
        answer: impl Future<Output = Result<T, BackendError>>,
    ) -> Result<T, BackendError> {
        self.answered(self.limit, answer).await?
    }

    async fn answered<T>(
        &mut self,
        limit: Duration,
        answer: impl Future<Output = T>,
    ) -> Result<T, BackendError> {
        if self.is_waiting {
            return Err(silent());
        }
        // Set back by an answer alone: who asks may be dropped on the way.
        self.is_waiting = true;
        let answer = HEARD.scope(Cell::new(Instant::now()), unless_silent(limit, answer)).await?;
        self.is_waiting = false;
        Ok(answer)
    }
}

async fn unless_silent<T>(
    limit: Duration,
    answer: impl Future<Output = T>,
) -> Result<T, BackendError> {
    let mut answer = pin!(answer);
    loop {
        let last = HEARD.with(Cell::get);
        let Some(end) = last.checked_add(limit) else { return Ok(answer.await) };
        match timeout_at(end, &mut answer).await {
            Ok(answer) => return Ok(answer),
            Err(_) if HEARD.with(Cell::get) > last => {}
            Err(_) => return Err(silent()),
        }
    }
}

impl Begun {
    /// Begins a transaction by a text in which nothing waits; what the server refuses is told apart
    /// from its silence.
    pub(super) async fn begin(
        connection: PoolConnection<Postgres>,
        text: SqlStr,
        settings: &PostgresSettings,
    ) -> Result<Result<Self, sqlx::Error>, BackendError> {
        let mut tx = Self { connection, deadline: Deadline::of(settings) };
        let beginning = PgTransactionManager::begin(&mut tx.connection, Some(text));
        Ok(tx.deadline.answered(settings.patience, beginning).await?.map(|()| tx))
    }

    /// Writes for good what was written. Whether it was is not known where no answer comes.
    pub(super) async fn commit(mut self) -> Result<(), BackendError> {
        let committing = PgTransactionManager::commit(&mut self.connection);
        self.deadline.answered(self.deadline.limit, committing).await?.map_err(failed)
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if self.deadline.is_waiting {
            self.connection.close_on_drop();
        } else {
            // Nothing, where it is over.
            PgTransactionManager::start_rollback(&mut self.connection);
            // The pool waits without end for what it asks a connection that comes back. One that is
            // dropped on the way is closed, and its place is free.
            let back = self.connection.return_to_pool();
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(timeout(self.deadline.patience, back));
            }
        }
    }
}
