//! Recovery (*«Забыли пароль?»*): who forgot the password of a card gets a letter with one-time
//! links, or a new card.
//!
//! [`plan_recovery`] says which letter goes where, a [`RecoveryLetter`] words it, a
//! [`RecoveryLink`] is good once and for half an hour. Whoever asked reads a
//! [`RecoveryAnswer`] that no account has a part in: it is the same whether
//! anything exists or not. So must be the time it takes, which is for the store to keep.
//!
//! The secret of a link is drawn, hashed and put into its address by who sends the letter; it never
//! comes here.

mod answer;
mod letter;
mod link;
mod plan;
mod request;
#[cfg(test)]
mod tests;

pub use answer::{RecoveryAnswer, recovery_answer};
pub use letter::{LetterEntry, LetterWay, RecoveryLetter};
pub use link::{LINK_LIFETIME, LinkError, LinkState, RecoveryLink, is_answered, replace_links};
pub use plan::{HandWay, RecoveryAccount, RecoveryPlan, plan_recovery};
pub use request::{RecoveryRequest, RecoveryRequestError};
