//! What the npm package `@eschool/core` is made of: the core's functions as JavaScript calls them.
//!
//! The crate is built twice, by `cargo xtask npm`: without a feature it is the checks of what people
//! type, small enough for every page; with the feature `whole` it is everything. The TypeScript in
//! `ts` stands around both: classes for values that cannot be wrong, and the error that all of it
//! throws.
//!
//! What lives here: how values cross. What never does: a rule; each function asks the core.
//!
//! # How values cross
//!
//! Arguments come as they are, whatever they are, and are looked at here: what is not what it should
//! be is an `ApiError` with the code of a [`ArgumentError`](eschool_core::error::ArgumentError), or with the core's own. A value with fields
//! crosses as JSON: the engine's own `JSON.stringify` and `JSON.parse` are faster than reading an
//! object field by field. Nothing that lives here is handed out, so nothing has to be freed.
#![expect(unreachable_pub, reason = "JavaScript gets what is `pub`, and no Rust reaches it")]

mod border;
mod checks;
mod codes;
#[cfg(feature = "whole")]
mod whole;

pub use codes::CHECK_ERROR_CODES;
#[cfg(feature = "whole")]
pub use codes::OTHER_ERROR_CODES;
