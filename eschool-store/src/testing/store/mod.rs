//! Cases over a [`Store`](crate::Store): the use cases, whatever the backend.

pub mod audits;
pub mod cards;
pub mod choices;
pub mod diaries;
pub mod enrolment;
pub mod esia;
pub mod events;
pub mod families;
pub mod finals;
pub mod forgetting;
mod harness;
pub mod invitations;
pub(crate) mod journal_people;
pub mod lessons;
pub mod merges;
pub mod new_year;
pub mod overviews;
pub mod parents;
pub mod personal;
pub mod refusals;
pub mod rotations;
pub mod sessions;
pub mod sign_ins;
mod small_school;

pub use harness::{CountingHasher, Harness, SetClock, refused};
