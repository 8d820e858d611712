//! How the emulator refuses.

use serde::Serialize;

use super::{RefusalCode, reason::Reason};

/// A request that is refused: the code that ЕСИА answers, and for the client's developer which
/// check failed, which ЕСИА does not tell.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) code: RefusalCode,
    pub(super) reason: Reason,
    /// What `client_secret` must sign, where that is what is wrong.
    pub(super) must_sign: Option<Box<MustSign>>,
}

impl Fault {
    pub(super) fn new(code: RefusalCode, reason: impl Into<Reason>) -> Self {
        Self { code, reason: reason.into(), must_sign: None }
    }
}

/// What a request's `client_secret` must sign, by the parameters that came: what the developer of a
/// client compares with what that client signed.
///
/// ```
/// use eschool_esia::emulator::MustSign;
///
/// let told = MustSign {
///     text: "TESTopenid…".into(),
///     fields: "client_id + scope + …",
///     bytes: 137,
///     digest: "9f2ef6…".into(),
///     digest_name: "Streebog-256",
/// };
/// assert_eq!(serde_json::to_value(&told)?["bytes"], 137);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MustSign {
    /// The string itself, to be signed as UTF-8. Of a code or a refresh token only the beginning is
    /// told.
    pub text: String,
    /// The parameters it is put together from.
    pub fields: &'static str,
    /// How long the whole string is, in bytes of UTF-8.
    pub bytes: usize,
    /// The digest of the whole string, in lower-case hex.
    pub digest: String,
    /// By which function: `Streebog-256`, or `SHA-256` where the certificate is RSA's.
    pub digest_name: &'static str,
}
