//! Cases over a raw [`Backend`](crate::backend::Backend): what is saved is loaded, in the order
//! that is told, by who may see it.
//!
//! | module | what |
//! |---|---|
//! | [`rows`] | every row of people comes back as it was saved |
//! | [`journal_rows`] | so does every row of the journal |
//! | [`registry`] | orders, replacing, what hangs on a row that is saved again |
//! | [`frame`] | a school's days |
//! | [`claims`], [`members`] | who holds a key, and what an account is |
//! | [`sign_in`], [`audit`] | cards, counters, devices, sessions; the log |
//! | [`apps`] | the access of apps |
//! | [`audit_chain`] | which entries of the log are sealed |
//! | [`refusals`] | refused sign-ins, invitations, duties, the accounts of a person |
//! | [`merges`] | accounts that change hands |
//! | [`journal`] | a class's journal, final marks, lessons that move |
//! | [`lesson`], [`events`] | what a lesson is written by, and what is told of it |
//! | [`diary`], [`own_rows`], [`upcoming`] | everything that a diary's slice documents |
//! | [`apart`] | schools never see each other's rows; an empty database answers |
//! | [`transactions`] | snapshots, writers, what is dropped |

pub mod apart;
pub mod apps;
pub mod audit;
pub mod audit_chain;
pub mod claims;
pub mod diary;
pub mod events;
pub mod family;
pub mod frame;
pub mod journal;
pub mod journal_rows;
pub mod lesson;
pub mod members;
pub mod merges;
pub mod own_rows;
pub mod refusals;
pub mod registry;
pub mod rows;
pub mod sign_in;
pub mod transactions;
pub mod upcoming;
pub mod year;

use eschool_core::id::SchoolId;

use crate::backend::{Changes, Registry};

/// The registry that these changes make of an empty school, in the order in which they list it.
fn registry_of(changes: &Changes) -> Registry {
    fn rows<T: Clone>(rows: &[(SchoolId, T)]) -> Vec<T> {
        rows.iter().map(|(_, row)| row.clone()).collect()
    }
    Registry {
        classes: changes.classes.clone(),
        accounts: changes.accounts.clone(),
        claims: changes.claims.clone(),
        stays: rows(&changes.stays),
        subgroups: rows(&changes.subgroups),
        guardianships: rows(&changes.guardianships),
        staff: rows(&changes.staff),
        duties: rows(&changes.duties),
        refused_rows: changes.refused_rows.clone(),
    }
}

/// Rows as [`Changes`] lists them, all of one school.
fn of<T: Clone>(school: SchoolId, rows: &[T]) -> Vec<(SchoolId, T)> {
    rows.iter().map(|row| (school, row.clone())).collect()
}
