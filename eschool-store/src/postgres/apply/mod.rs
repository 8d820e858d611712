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

use super::{archive, audit, begun::Deadline, family};
use crate::backend::{BackendError, Changes};

/// Each list in the order in which its rows may refer to one another; each is waited for by itself.
pub(super) async fn apply(
    c: &mut PgConnection,
    deadline: &mut Deadline,
    changes: &Changes,
) -> Result<(), BackendError> {
    deadline.keep(archive::removed(c, &changes.archive)).await?;
    deadline.keep(removed::removed(c, &changes.removed)).await?;
    deadline.keep(super::year::erased(c, changes)).await?;
    deadline.keep(school::apply(c, changes)).await?;
    deadline.keep(super::year::write_new_years(c, changes)).await?;
    deadline.keep(people::apply(c, changes)).await?;
    deadline.keep(sign_in::apply(c, changes)).await?;
    deadline.keep(journal::apply(c, changes)).await?;
    deadline.keep(family::apply(c, changes)).await?;
    deadline.keep(logs::apply(c, changes)).await?;
    deadline.keep(archive::apply(c, &changes.archive)).await?;
    deadline.keep(audit::apply(c, changes)).await
}
