//! People as schools know them: accounts, guardianships, consents and other grounds for keeping
//! data, staff, and the rules of a registry.

mod account;
mod apart;
mod basis;
mod card;
mod consent;
mod contacts;
mod fill;
mod guardianship;
mod namesakes;
mod newcomer;
mod phones;
mod registry;
mod school;
mod telling;
#[cfg(test)]
mod tests;
mod typed;

pub(crate) use account::both_differ;
pub use account::{Account, AccountEntry, MandatoryField};
pub use apart::KeptApart;
pub use basis::{DataBasis, DataBasisError, DataGround, MayKeep, may_keep_data};
pub use card::{
    AccessParameters, CardError, CardJournal, CardJournalError, CardRecord, CardStep,
    PASSWORD_ALPHABET, PasswordRuleError, RegistrationCard, SupportContacts, check_new_password,
    free_login, login_candidates, may_issue_card, password_from, transliterate,
};
pub use consent::{
    Consent, ConsentDaysError, ConsentError, ConsentGiver, ConsentPurpose, may_consent,
};
pub use contacts::SchoolContacts;
pub use guardianship::{COMING_OF_AGE, Guardianship, Kinship};
pub use namesakes::{Namesake, Namesakes, namesakes};
pub use newcomer::{Newcomer, place_newcomer};
pub use phones::shared_phones;
pub use registry::{Discrepancy, Placement, place};
pub use school::{Duty, School, SchoolError, StaffPost};
pub use telling::Telling;
pub use typed::{EntryError, TypedEntry};
