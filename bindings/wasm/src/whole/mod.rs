//! Everything beside the checks: the diary, signing in, policies, cards, names.
//!
//! `json` reads and writes values with fields. The rest delegates, one file a part of the core.

mod cards;
mod diary;
mod identity;
mod json;
mod policy;
mod sign_in;
mod types;
