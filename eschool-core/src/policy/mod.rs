//! The *порядок авторизации* of a region, as data.
//!
//! Which regime a region follows is nothing to program: it is a [`SignInPolicy`], a dated schedule
//! of [`Rules`]. The presets are the regimes of the documents this library is described in, and one
//! that came after them. Every policy can be told in words.

mod consent;
mod lock_out;
mod preset;
mod rules;
mod schedule;
#[cfg(test)]
mod tests;
mod text;
#[cfg(feature = "toml")]
mod toml;
mod validate;
mod words;

pub use consent::{ConsentRule, GiverRule};
pub use lock_out::{Counter, LockOut, LockOutDelays, source_network};
pub use preset::UnknownPreset;
pub use rules::{
    AccountsOfOnePerson, AgeBand, KeyRule, MatchField, MatchKey, MethodRule, ParentsAfter18,
    RegistryKeeper, Role, Rules, SignInMethod, YoungByEsia,
};
pub use schedule::{DatedRules, SignInPolicy};
pub use text::PolicyTextError;
pub use validate::PolicyError;
pub use words::RuleInWords;
pub(crate) use words::{accounts_en, accounts_ru};
