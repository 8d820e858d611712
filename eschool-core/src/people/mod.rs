//! People as schools know them: accounts, guardianships, staff, and the rules of a registry.

mod account;
mod card;
mod guardianship;
mod registry;
mod school;

pub use account::{Account, AccountEntry, MandatoryField};
pub use card::{
    CardError, CardStep, PASSWORD_ALPHABET, RegistrationCard, login_candidates, password_from,
    transliterate,
};
pub use guardianship::{Guardianship, Kinship};
pub use registry::{Discrepancy, Placement, place};
pub use school::{Duty, School, StaffPost};
