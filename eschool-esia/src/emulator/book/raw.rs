//! The shape of a book in TOML, before anything of it is judged.

use serde::Deserialize;
use toml::{Spanned, Value};

use crate::emulator::{Interface, PkceRule, RefreshForm, TestGender, TokenAlgorithm};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    #[serde(default)]
    pub(super) person: Vec<Person>,
    #[serde(default)]
    pub(super) client: Vec<Client>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) key: Spanned<String>,
    pub(super) oid: Option<Spanned<u64>>,
    pub(super) family: Spanned<String>,
    pub(super) given: Spanned<String>,
    pub(super) patronymic: Option<Spanned<String>>,
    /// A date of TOML, or a text.
    pub(super) born: Spanned<Value>,
    pub(super) gender: Option<TestGender>,
    pub(super) snils: Option<Spanned<String>>,
    pub(super) phone: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) phone_verified: bool,
    pub(super) email: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) email_verified: bool,
    pub(super) account: Spanned<String>,
    #[serde(default)]
    pub(super) children: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) contacts: Vec<Contact>,
    #[serde(default = "yes")]
    pub(super) parent_consent: bool,
    #[serde(default = "yes")]
    pub(super) second_factor: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contact {
    #[serde(rename = "type")]
    pub(super) kind: Spanned<String>,
    pub(super) value: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Client {
    pub(super) mnemonic: Spanned<String>,
    pub(super) certificate: Option<Spanned<String>>,
    pub(super) certificate_file: Option<Spanned<String>>,
    pub(super) redirect_hosts: Option<Vec<Spanned<String>>>,
    pub(super) scopes: Option<Vec<Spanned<String>>>,
    pub(super) interfaces: Option<Spanned<Vec<Interface>>>,
    #[serde(default)]
    pub(super) pkce: PkceRule,
    #[serde(default)]
    pub(super) token_algorithm: TokenAlgorithm,
    #[serde(default = "yes")]
    pub(super) offline: bool,
    #[serde(default)]
    pub(super) refresh_form: RefreshForm,
    #[serde(default)]
    pub(super) client_credentials: bool,
    #[serde(default)]
    pub(super) confirmed_only: bool,
    #[serde(default)]
    pub(super) second_factor: bool,
    #[serde(default)]
    pub(super) closed: bool,
}

const fn yes() -> bool {
    true
}
