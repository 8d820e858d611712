//! Support cases (*обращения*): what the school and technical support do for somebody who could
//! not sign in.
//!
//! A case is opened by the code that the refused person read off the screen. It goes from who
//! keeps the registry to the administrator and to support, and keeps every step. What each
//! of them may see of the evidence is the [`DiagnosisScope`](crate::diagnosis::DiagnosisScope) of
//! their [`Desk`].

mod case;
mod desk;
mod error;
mod step;
#[cfg(test)]
mod tests;

pub use case::SupportCase;
pub use desk::Desk;
pub use error::CaseError;
pub use step::{CaseAct, CaseStep, ShownFinding};
