//! Who somebody is: values that cannot be wrong once they exist.
//!
//! Each is parsed from what people type and keeps one canonical form. `Debug` hides personal data
//! (152-ФЗ), so a value may stand in a log line or a panic message without telling whose it is.

mod age;
mod birth_date;
mod email;
mod fold;
mod login;
mod name;
mod phone;
mod snils;

pub use age::AgeSpan;
pub use birth_date::{BirthDate, DateError, parse_date};
pub use email::{Email, EmailError};
pub(crate) use fold::cyrillic_look_alike;
pub use fold::{fold_name, has_latin_look_alikes};
pub use login::{Login, LoginError};
pub use name::{FullName, NameError, NamePart, Patronymic};
pub use phone::{MobilePhone, PhoneError};
pub use snils::{Snils, SnilsError};
