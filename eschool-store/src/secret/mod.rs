//! Everything that hides or proves something: keys, the vault, passwords, tokens.
//!
//! * [`Keys`]: the installation's secrets, as a key file holds them.
//! * [`Vault`]: finds personal data by keyed hash and seals it for its place in the database.
//! * [`Passwords`]: argon2id away from the async threads, a bounded number at a time.
//! * [`Token`]: what a session cookie or a one-time link carries; the database holds its hash.
//!
//! What never lives here: SQL, transactions, rules about who may do what, the clock, and
//! randomness: salts, nonces, keys and tokens are filled by the caller, so that everything can be
//! repeated in a test. Nothing here puts a secret or personal data into `Debug`, `Display` or an
//! error.
//!
//! | made | by | stored as |
//! |---|---|---|
//! | СНИЛС, phone, e-mail, ЕСИА id | a person types them | [`KeyHash`] to find, [`Sealed`] to read |
//! | password | the card's printer | argon2id PHC string |
//! | session, link, code of an app | 32 random bytes | [`TokenHash`] |
//! | what an app is refreshed with | 32 random bytes that stay, 32 that do not | two of them |

mod app_tokens;
mod bytes;
mod keys;
mod link_token;
mod password;
mod passwords;
mod pkce;
mod session_token;
mod token;
mod vault;

#[cfg(test)]
mod tests;

pub use app_tokens::{AppCode, RefreshToken};
pub use keys::{KeyId, Keys, KeysError};
pub use link_token::LinkToken;
pub use password::{Argon2id, PasswordError, PasswordHasher};
pub use passwords::Passwords;
pub use pkce::{CodeChallenge, PkceError};
pub use session_token::SessionToken;
pub use token::{Token, TokenError, TokenHash};
pub use vault::{ClaimKind, KeyHash, Place, Purpose, Sealed, Vault, VaultError};
