//! What is kept of one human being: given out, erased, and told who looked.
//!
//! * `erase`: what goes, and what stays without a name.
//! * `due`: accounts whose time is over.
//! * `export`: everything, given out.
//! * `looks`: which staff looked at a child.
//! * `typed`: refused rows, and of whom they tell.
//! * `error`: why not.

mod due;
mod erase;
mod error;
mod export;
mod looks;
mod typed;

use eschool_core::id::{AccountId, SchoolId};

pub use self::{
    erase::Erased,
    error::PersonalDataError,
    export::{AccountExport, CardExport, PersonExport, RefusedSignInExport, SessionExport},
    looks::{StaffLook, StaffLooks},
};

/// An account, by its school.
type Holder = (SchoolId, AccountId);
