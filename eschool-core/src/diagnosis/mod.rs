//! Diagnosis: why somebody whom ЕСИА vouches for was not recognised.
//!
//! A refused person has a case code and nothing else; what ЕСИА said of them is kept sealed under
//! it. Staff who were told the code see here what stands in the way, as far as they may see the
//! evidence at all, and how to mend it. The stranger at the door learns nothing of this.
//!
//! A store gathers the [`CaseEvidence`]: accounts, refused rows, relatives. [`diagnose`] judges it.

mod clue;
mod diagnose;
mod evidence;
mod finding;
mod scope;
#[cfg(test)]
mod tests;
mod text;

pub use diagnose::{RefusedPerson, diagnose};
pub use evidence::{
    CaseEvidence, NearAccount, RefusedEntry, Relation, Relative, RowPlace, TypedPerson,
};
pub use finding::{Cause, Finding};
pub use scope::DiagnosisScope;
