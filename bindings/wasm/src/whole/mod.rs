//! Everything beside the checks: the diary, signing in, policies, cards.
//!
//! `json` reads and writes values with fields. The rest delegates, one file a part of the core.

mod cards;
mod diary;
mod json;
mod policy;
mod sign_in;
mod types;
