//! Merging: which accounts, of whatever schools, are one person's.
//!
//! Schools type what they know of somebody by themselves, so a parent of children in two schools
//! begins as two persons. Where the policy merges accounts, [`plan_merges`] alone joins them; its
//! plan can be looked at before it is carried out, and undone after.
//!
//! A phone that two accounts share joins nobody: numbers change hands.

mod alike;
mod apart;
mod folded;
mod join;
mod plan;
mod row;
mod sets;
#[cfg(test)]
mod tests;

pub use join::plan_merges;
pub use plan::{AccountMove, ConflictingAccount, MergeConflict, MergeField, MergePlan};
pub use row::MergeRow;
