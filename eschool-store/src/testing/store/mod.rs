//! Cases over a [`Store`](crate::Store): the use cases, whatever the backend.

pub mod cards;
pub mod diaries;
mod harness;
pub mod sessions;
pub mod sign_ins;

pub use harness::{CountingHasher, Harness, SetClock, refused};
