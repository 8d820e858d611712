//! The suite over PostgreSQL, and what only a server can get wrong.
//!
//! They run where `ESCHOOL_TEST_PG_URL` names a server whose user may make databases, as
//! `cargo xtask test --only postgres` does with one of its own; elsewhere each says that it was
//! skipped.

mod audit;
mod faults;
mod keys;
mod open;
mod plans;
mod scratch;

use self::scratch::Scratch;

crate::conformance!(if_there Scratch::new());
