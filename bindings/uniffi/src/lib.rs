//! The core for Kotlin and Swift: the same names, the same codes, no rule of its own.
//!
//! Types are the core's own, which cross as they are (`eschool_core::foreign`); a function here takes
//! them, asks the core and hands back what it says. Every one returns a [`ForeignError`] with the
//! core's code where an input is refused. A refused *sign-in* is an answer and no error:
//! [`Admission`], [`Verdict`].
//!
//! Nothing here waits, keeps anything or hands out anything that has to be closed: whatever Kotlin and
//! Swift hold are values.
//!
//! The packages around it are in `kotlin` and `swift`; `eschool-uniffi-bindgen` writes what lies
//! between.

mod card;
mod diary;
mod error;
mod identity;
mod journal;
mod policy;
mod signin;

use chrono::{NaiveDate, NaiveTime, Weekday};
pub use eschool_core::foreign::ForeignError;
use eschool_core::foreign::Instant;

pub use self::{
    card::*, diary::*, error::error_codes, identity::*, journal::*, policy::*, signin::*,
};

uniffi::setup_scaffolding!("eschool");

uniffi::use_remote_type!(eschool_core::NaiveDate);
uniffi::use_remote_type!(eschool_core::NaiveTime);
uniffi::use_remote_type!(eschool_core::Instant);
uniffi::use_remote_type!(eschool_core::Weekday);

/// What every function here returns.
pub(crate) type Answer<T> = Result<T, ForeignError>;
