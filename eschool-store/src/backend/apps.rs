//! Rows of the access that apps have.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, AppGrantId, PersonId},
    policy::SignInMethod,
    signin::{AccountGrant, DeviceName},
};

use crate::secret::TokenHash;

/// The access of an app on one device: first a code that waits to be redeemed, then what its access
/// tokens, which are sessions, are made of anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppGrantRow {
    /// Whose it is.
    pub person: PersonId,
    /// Its identifier.
    pub id: AppGrantId,
    /// The app, as the program that serves it registered it.
    pub client: String,
    /// What the app called the device, if it did.
    pub device: Option<DeviceName>,
    /// What was granted.
    pub accounts: Vec<AccountGrant>,
    /// The way in.
    pub method: SignInMethod,
    /// Whether one of several accounts was to be chosen.
    pub choose: bool,
    /// The account that was chosen.
    pub chosen: Option<AccountId>,
    /// The hash of the code, kept after it was used: who brings it again is known by it.
    pub code: TokenHash,
    /// The session in which it was granted.
    pub approved_in: TokenHash,
    /// Where the code was led to.
    pub redirect_uri: String,
    /// The hash of the challenge whose verifier the app has to bring.
    pub challenge: TokenHash,
    /// What its access is refreshed with; none until the code is redeemed.
    pub refresh: Option<RefreshHashes>,
    /// When it was granted.
    pub created_at: DateTime<Utc>,
    /// When tokens were last made.
    pub used_at: DateTime<Utc>,
    /// When what the sign-in granted ends, if it does.
    pub granted_until: Option<DateTime<Utc>>,
    /// When it ends, unless it is used before.
    pub expires_at: DateTime<Utc>,
}

/// The hashes of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshHashes {
    /// Of what all tokens of the access have in common.
    pub family: TokenHash,
    /// Of the one that is good now.
    pub turn: TokenHash,
}
