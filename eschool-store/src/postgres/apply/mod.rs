//! Writing changes.
//!
//! * `school`: schools, classes, frames.
//! * `people`: accounts with their claims, and what they are in their school.
//! * `sign_in`: cards, counters, devices, sessions, refusals, invitations.
//! * `journal`: lessons and what stands in them.
//! * `removed`: what is taken away before.
//! * `logs`: what only grows.

mod journal;
mod logs;
mod people;
mod removed;
mod school;
mod sign_in;

use sqlx::PgConnection;

use super::{archive, audit, family};
use crate::backend::{BackendError, Changes};

/// Each list in the order in which its rows may refer to one another.
pub(super) async fn apply(c: &mut PgConnection, changes: &Changes) -> Result<(), BackendError> {
    archive::removed(c, &changes.archive).await?;
    removed::removed(c, &changes.removed).await?;
    super::year::erased(c, changes).await?;
    school::apply(c, changes).await?;
    super::year::write_new_years(c, changes).await?;
    people::apply(c, changes).await?;
    sign_in::apply(c, changes).await?;
    journal::apply(c, changes).await?;
    family::apply(c, changes).await?;
    logs::apply(c, changes).await?;
    archive::apply(c, &changes.archive).await?;
    audit::apply(c, changes).await
}
