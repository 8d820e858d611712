//! On what grounds a school keeps data and lets pupils in: consents, and other bases.
//!
//! * `consents`: given, withdrawn, listed;
//! * `bases`: papers on which somebody's data are kept;
//! * `error`: why not.

mod bases;
mod consents;
mod error;

pub use self::{bases::KnownBasis, error::GroundError};
