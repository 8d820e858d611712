//! Access without the person: refresh tokens.

use std::fmt;

use eschool_core::{error::CodedError, signin::EsiaPerson};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use super::EsiaError;

/// Whether a sign-in brings a refresh token.
///
/// ```
/// use eschool_esia::client::AccessType;
///
/// let asked: AccessType = serde_json::from_str("\"offline\"")?;
/// assert_eq!(asked, AccessType::Offline);
/// assert_eq!(AccessType::default(), AccessType::Online);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessType {
    /// It does not: a diary needs the person's data once.
    #[default]
    Online,
    /// It does, where the registration at ЕСИА allows it: the data can be asked for again later.
    Offline,
}

impl AccessType {
    /// The value of `access_type`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
        }
    }
}

/// What is signed when tokens are refreshed by the interface v2/v3. The open implementations
/// contradict each other here; the old interface signs the same as ever.
///
/// ```
/// use eschool_esia::client::RefreshSigning;
///
/// assert_eq!(RefreshSigning::default(), RefreshSigning::AsAuthorize);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshSigning {
    /// client_id, scope, timestamp, state, redirect_uri, as at authorize; `redirect_uri` and
    /// `client_certificate_hash` are sent. So does the implementation in PHP that is known to have
    /// run in production.
    #[default]
    AsAuthorize,
    /// client_id, scope, timestamp, state, refresh_token; neither `redirect_uri` nor the hash is
    /// sent. So does the one in C#.
    WithToken,
}

/// What opens a person's data anew without the person, and whose data. To be kept like a password,
/// with the person's number; `Debug` shows nothing of it, and it is overwritten when dropped. The
/// request that sends it and the answer that brings it pass through other crates, which leave copies in
/// memory that is free again.
///
/// ```
/// use eschool_esia::client::RefreshToken;
///
/// let token = RefreshToken::new("1000299353", "0f8fad5b-d9cb-469f-a165-70867728950e");
/// assert_eq!((token.oid(), token.as_str().len()), ("1000299353", 36));
/// assert_eq!(format!("{token:?}"), "RefreshToken(***)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    oid: String,
    text: Zeroizing<String>,
}

impl RefreshToken {
    /// The token with this text, of the person with this number
    /// ([`EsiaPerson::oid`](eschool_core::signin::EsiaPerson::oid)).
    #[must_use]
    pub fn new(oid: impl Into<String>, text: impl Into<String>) -> Self {
        Self { oid: oid.into(), text: Zeroizing::new(text.into()) }
    }

    /// Whose data it opens: a refresh that brings another person's is refused.
    #[must_use]
    pub fn oid(&self) -> &str {
        &self.oid
    }

    /// The text, to be kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(***)")
    }
}

/// Why a refresh came to nothing, and what is to be kept all the same.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::client::{EsiaError, RefreshFailed, RefreshToken};
///
/// fn keep(failed: RefreshFailed, old: RefreshToken) -> RefreshToken {
///     failed.next.unwrap_or(old)
/// }
///
/// let (error, next) = (EsiaError::Busy, None);
/// let failed = RefreshFailed { error, next };
/// assert_eq!(failed.code(), "esia_busy");
/// let old = RefreshToken::new("1000299353", "0f8fad5b-d9cb-469f-a165-70867728950e");
/// assert_eq!(keep(failed, old.clone()), old);
/// ```
#[derive(Clone, Debug, Error)]
#[error("{error}")]
pub struct RefreshFailed {
    /// What went wrong.
    pub error: EsiaError,
    /// The token to keep in the place of the one that was sent: ЕСИА had given it before the failure,
    /// and the old one may be used up. None: the old one stays what it was.
    pub next: Option<RefreshToken>,
}

impl CodedError for RefreshFailed {
    fn code(&self) -> &'static str {
        self.error.code()
    }

    fn text_ru(&self) -> &'static str {
        self.error.text_ru()
    }
}

/// A person, and the way to ask for the person's data again.
///
/// ```
/// use eschool_esia::client::SignedIn;
///
/// fn keep(signed_in: &SignedIn) -> Option<&str> {
///     signed_in.refresh_token.as_ref().map(|token| token.as_str())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who it is.
    pub person: EsiaPerson,
    /// The token to keep in the place of any other of this person; none if ЕСИА gave none.
    pub refresh_token: Option<RefreshToken>,
}
