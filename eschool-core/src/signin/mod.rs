//! Signing in: two pure, total steps.
//!
//! [`admit`] refuses what no role could accept, before anybody is looked up, and says by which
//! keys to look. [`decide`] judges what was found, role by role; any role that grants, grants.
//! [`renew`] judges anew who came in earlier and is still about, as an app on a phone is.
//!
//! What a password is, what ЕСИА answered and who has which key is the adapter's to find out; what
//! follows from it is decided here and nowhere else.

mod admit;
mod attempt;
mod case_code;
mod closing;
mod decide;
mod device_name;
mod facts;
mod grant;
mod matching;
mod refusal;
#[cfg(test)]
mod tests;
mod text;

pub use admit::{LookupKeys, admit, admit_invited};
pub use attempt::{Assurance, At, Attempt, EsiaChild, EsiaPerson, PasswordAttempt};
pub use case_code::{CASE_KEPT, CaseCode, CaseCodeError};
pub use closing::{Closing, MayErase, may_erase};
pub use decide::{decide, renew};
pub use device_name::{DeviceName, DeviceNameError};
pub use facts::{Candidate, ChildFacts, Facts, ParentFacts, PasswordCheck, PupilFacts, StaffFacts};
pub use grant::{AccountGrant, Grant, GrantedRole, UnknownRole};
pub use matching::{Evidence, FieldMatch, Identified, identify, of_one_human_being};
pub use refusal::{NextStep, Refusal, RefusalCode, RefusalDetails, WantedConsent};
pub(crate) use text::{age_en, needed_en, needed_ru, until_ru};
