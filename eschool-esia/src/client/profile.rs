//! The two generations of ЕСИА's own interface.

use serde::{Deserialize, Serialize};

use crate::signer::SignatureForm;

/// Which interface of ЕСИА this system speaks. It goes with the [`Endpoints`](super::Endpoints) and
/// with the form of the signer; tokens and data are the same in both.
///
/// | | `v3` | `legacy` |
/// |---|---|---|
/// | authorize, token | `/aas/oauth2/v2/ac`, `/aas/oauth2/v3/te` | `/aas/oauth2/ac`, `/aas/oauth2/te` |
/// | what is signed | client_id, scope, timestamp, state, redirect_uri, and for tokens the code | scope, timestamp, client_id, state |
/// | the signature | raw ГОСТ Р 34.10-2012, 64 bytes | detached CMS, ГОСТ or RSA |
/// | `client_certificate_hash` | sent | not sent: the certificate lies in the CMS |
///
/// Source: open implementations of both generations, which agree in all of this.
///
/// ```
/// use eschool_esia::{client::Profile, signer::SignatureForm};
///
/// let profile: Profile = serde_json::from_str("\"legacy\"")?;
/// assert_eq!(profile.form(), SignatureForm::Cms);
/// assert_eq!(Profile::default(), Profile::V3);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The interface v2/v3, which new registrations get.
    #[default]
    V3,
    /// The old interface.
    Legacy,
}

impl Profile {
    /// The form of its signatures.
    #[must_use]
    pub const fn form(self) -> SignatureForm {
        match self {
            Self::V3 => SignatureForm::Raw,
            Self::Legacy => SignatureForm::Cms,
        }
    }

    /// As it stands in settings.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::V3 => "v3",
            Self::Legacy => "legacy",
        }
    }
}
