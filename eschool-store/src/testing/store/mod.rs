//! Cases over a [`Store`](crate::Store): the use cases, whatever the backend.

pub mod audits;
pub mod cards;
pub mod choices;
pub mod diaries;
pub mod enrolment;
pub mod erasing;
pub mod esia;
pub mod events;
pub mod excuses;
pub mod families;
pub mod finals;
pub mod forgetting;
pub mod grounds;
mod harness;
pub mod invitations;
pub(crate) mod journal_people;
pub mod lessons;
pub mod merges;
pub mod new_year;
pub mod overviews;
pub mod parent_keys;
pub mod parents;
pub mod passwords;
pub mod personal;
pub mod recoveries;
pub mod refusals;
pub mod rotations;
pub mod sessions;
pub mod sign_ins;
mod small_school;
pub mod support_cases;

pub use harness::{CountingHasher, Harness, SetClock, refused};
