//! Why ЕСИА refuses a `client_secret`, which it answers with codes that tell nothing.

mod text;

use std::fmt;

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use super::Profile;
use crate::{
    certificate::Certificate,
    cms::{self, CmsError},
    gost::streebog256,
    hex::lower_hex,
    signer::{RequestSignature, SignatureForm, SignerError, check_signature},
};

/// What a `client_secret` signs and whether it is right as far as this side can know: the exact
/// string, its length and digest, the signature's form and order of bytes, whether the own
/// certificate verifies it, the certificate's dates, the clock. Never a key, and never the signature
/// itself, which would open the door until its timestamp is too old.
///
/// [`EsiaClient::diagnose`](super::EsiaClient::diagnose) makes one; [`text_ru`](Self::text_ru) and
/// [`text_en`](Self::text_en) are for the operator's eyes. `Display` is the English text with
/// [masked](Values::Masked) values.
///
/// ```no_run
/// use eschool_esia::client::{EsiaClient, Values};
///
/// # async fn run(client: EsiaClient) {
/// if let Some(diagnosis) = client.diagnose().await {
///     for finding in diagnosis.findings() {
///         println!("{}", finding.text_ru());
///     }
///     println!("{}", diagnosis.text_ru(Values::Masked));
/// }
/// # }
/// ```
pub struct SecretDiagnosis {
    request: SignedCallName,
    profile: Profile,
    parts: Vec<SignedPart>,
    digest: (DigestName, String),
    signature: Verdict,
    certificate: Certificate,
    now: DateTime<Utc>,
}

/// Which request was signed.
///
/// ```
/// use eschool_esia::client::SignedCallName;
///
/// assert_eq!(SignedCallName::Authorize.name(), "authorize");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedCallName {
    /// The browser is sent to sign in.
    Authorize,
    /// A code is exchanged for tokens.
    Token,
    /// Tokens are refreshed.
    Refresh,
}

impl SignedCallName {
    /// As the protocol calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::Refresh => "refresh",
        }
    }
}

/// Whether `state`, `code` and `refresh_token` are shown whole. Until an attempt has ended, whoever
/// knows state and code can use them; a `refresh_token` that was refused for its signature alone is a
/// live secret for as long as ЕСИА takes it.
///
/// ```
/// use eschool_esia::client::Values;
///
/// assert_eq!(Values::default(), Values::Masked);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Values {
    /// Their first eight characters.
    #[default]
    Masked,
    /// Every character: the exact string, to be compared with another program's.
    Whole,
}

/// What this side can see to be wrong, or cannot see.
///
/// ```
/// use eschool_esia::{client::Finding, signer::SignerError};
///
/// let finding = Finding::Signature(SignerError::Backwards);
/// assert!(finding.text_ru().contains("order"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// There is no signature, or it is not one of this string by the certificate's key.
    Signature(SignerError),
    /// The signature is CMS by an algorithm that this crate does not know, so nobody has verified it
    /// here.
    SignatureUnverified,
    /// The certificate is no longer valid.
    CertificateEnded {
        /// When it ended.
        ended: DateTime<Utc>,
    },
    /// The certificate is not valid yet, or the clock is behind.
    CertificateNotYetValid {
        /// When it begins.
        begins: DateTime<Utc>,
    },
}

/// What the own certificate says of the signature, and how many bytes it has.
#[derive(Clone, Copy)]
enum Verdict {
    Fits(usize),
    AlgorithmUnknown(usize),
    Wrong(SignerError),
}

/// A value of the signed string; a refresh token, which may be live, is overwritten when dropped.
pub(super) struct SignedPart {
    pub(super) name: &'static str,
    pub(super) value: Zeroizing<String>,
}

/// What the signature is made over.
#[derive(Clone, Copy)]
enum DigestName {
    Streebog256,
    Sha256,
}

impl SecretDiagnosis {
    pub(super) fn new(
        request: SignedCallName,
        profile: Profile,
        parts: Vec<SignedPart>,
        signed: &Result<RequestSignature, SignerError>,
        certificate: Certificate,
        now: DateTime<Utc>,
    ) -> Self {
        let bytes = parts.iter().map(|part| part.value.len()).sum();
        // One that grew would leave copies behind.
        let mut message = Zeroizing::new(String::with_capacity(bytes));
        parts.iter().for_each(|part| message.push_str(&part.value));
        let message = message.as_bytes();
        let digest = if profile.form() == SignatureForm::Cms && certificate.has_rsa_key() {
            (DigestName::Sha256, lower_hex(&cms::sha256(message)))
        } else {
            (DigestName::Streebog256, lower_hex(&streebog256(message)))
        };
        let signature = match signed {
            Ok(signature) => {
                let (bytes, form) = (signature.as_bytes(), profile.form());
                match check_signature(form, &certificate, message, bytes) {
                    Ok(()) => Verdict::Fits(bytes.len()),
                    Err(SignerError::Cms(CmsError::Algorithm)) => {
                        Verdict::AlgorithmUnknown(bytes.len())
                    }
                    Err(error) => Verdict::Wrong(error),
                }
            }
            Err(error) => Verdict::Wrong(*error),
        };
        Self { request, profile, parts, digest, signature, certificate, now }
    }

    /// The exact string that is signed. With [`Values::Masked`], `state`, `code` and `refresh_token`
    /// are cut short. With [`Values::Whole`] it holds a live secret where
    /// [`RefreshSigning::WithToken`](super::RefreshSigning::WithToken) signs the `refresh_token`: then
    /// it belongs into no log, page or letter.
    #[must_use]
    pub fn signed_string(&self, values: Values) -> String {
        self.parts.iter().map(|part| part.shown(values)).collect()
    }

    /// The length of the exact string in bytes of UTF-8.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.value.len()).sum()
    }

    /// The length of the exact string in characters.
    #[must_use]
    pub fn characters(&self) -> usize {
        self.parts.iter().map(|part| part.value.chars().count()).sum()
    }

    /// Streebog-256 of the exact string, or SHA-256 where an RSA key signs; lower-case hex.
    #[must_use]
    pub fn digest_hex(&self) -> &str {
        &self.digest.1
    }

    /// The certificate whose key signs.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// What is wrong on this side or could not be verified here; empty where ЕСИА must know what it
    /// dislikes: another certificate or mnemonic is registered there, or the clocks differ.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = match self.signature {
            Verdict::Fits(_) => Vec::new(),
            Verdict::AlgorithmUnknown(_) => vec![Finding::SignatureUnverified],
            Verdict::Wrong(error) => vec![Finding::Signature(error)],
        };
        let (begins, ended) = (self.certificate.not_before(), self.certificate.not_after());
        if ended < self.now {
            findings.push(Finding::CertificateEnded { ended });
        }
        if self.now < begins {
            findings.push(Finding::CertificateNotYetValid { begins });
        }
        findings
    }

    /// Tells the log, in one line.
    pub(super) fn tell(&self) {
        let findings = self.findings().iter().map(Finding::text_en).collect::<Vec<_>>().join("; ");
        tracing::warn!(
            request = self.request.name(),
            profile = self.profile.name(),
            signs = self.signed_string(Values::Masked),
            bytes = self.bytes(),
            characters = self.characters(),
            digest = self.digest_hex(),
            certificate = self.certificate.hash(),
            certificate_ends = %self.certificate.not_after(),
            findings,
            "ЕСИА refuses `client_secret`; what it signs, as far as this side can see"
        );
    }
}

impl SignedPart {
    /// The value, or the beginning of one that could be used.
    fn shown(&self, values: Values) -> String {
        const SHOWN: usize = 8;
        match (values, self.name) {
            (Values::Masked, "state" | "code" | "refresh_token") => {
                let beginning: String = self.value.chars().take(SHOWN).collect();
                format!("{beginning}…")
            }
            _ => String::clone(&self.value),
        }
    }
}

impl fmt::Display for SecretDiagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text_en(Values::Masked))
    }
}

impl fmt::Debug for SecretDiagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretDiagnosis")
            .field("request", &self.request)
            .field("findings", &self.findings())
            .finish_non_exhaustive()
    }
}
