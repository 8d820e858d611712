//! Tokens, and why they do not hold.

use std::fmt;

use chrono::{DateTime, Utc};
use eschool_core::error::CodedError;
use thiserror::Error;

/// A token that ЕСИА issues.
///
/// ```
/// use eschool_esia::client::Token;
///
/// assert_eq!(Token::Id.to_string(), "the id_token");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// Says who signed in.
    Id,
    /// Opens the data.
    Access,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "the id_token",
            Self::Access => "the access token",
        })
    }
}

/// Why a token does not hold.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::client::TokenError;
///
/// let error = TokenError::KeysEnded { ended: "2025-06-01T00:00:00Z".parse()? };
/// assert_eq!(error.code(), "esia_token_keys_ended");
/// assert!(error.to_string().contains("2025-06-01"));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Not three parts of base64url with JSON in them.
    #[error("it is malformed")]
    Malformed,
    /// Longer than 64 kB.
    #[error("it is too long")]
    TooLong,
    /// Signed with ГОСТ (`GOST3410_2012_256`), and no configured key is a ГОСТ one. Which algorithm
    /// ЕСИА signs with was chosen when the system was registered.
    #[error(
        "it is signed with GOST3410_2012_256; configure that key of esia or have RS256 chosen in \
         the registration"
    )]
    AlgorithmGost,
    /// Signed with `RS256`, and no configured key is an RSA one.
    #[error("it is signed with RS256; configure that key of esia")]
    AlgorithmRsa,
    /// Signed by another algorithm than these two, or at a gateway than that of the settings; or
    /// by none.
    #[error("its algorithm is not one that is taken")]
    AlgorithmRefused,
    /// A token of another kind in its place (`sbt`), or one that does not say its kind.
    #[error("it is a token of another kind")]
    KindRefused,
    /// The validity of every configured key is over: ЕСИА has changed its key, as it does yearly,
    /// and the settings were not.
    #[error("the last key for the tokens of esia ended on {}; configure the new one", ended.date_naive())]
    KeysEnded {
        /// When the last of them ended.
        ended: DateTime<Utc>,
    },
    /// The validity of no configured key has begun.
    #[error("no key for the tokens of esia is valid yet")]
    KeysNotYetValid,
    /// No configured key that is valid now made this signature: it is forged, or ЕСИА has changed its
    /// key before the day that the settings know.
    #[error("its signature is wrong; where every token's is, the key may have changed")]
    SignatureRefused,
    /// A claim that it must have is absent.
    #[error("it has no claim `{claim}`")]
    ClaimMissing {
        /// The name of the claim.
        claim: &'static str,
    },
    /// Issued by somebody else.
    #[error("it has another issuer")]
    IssuerForeign,
    /// Issued for another system, or for several.
    #[error("it is for another system")]
    AudienceForeign,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// Its time has not come.
    #[error("it is not valid yet")]
    NotYetValid,
    /// Issued in the future.
    #[error("it was issued in the future")]
    IssuedInFuture,
    /// It does not repeat the nonce of the attempt: issued for another sign-in, or used again. At
    /// a gateway alone; ЕСИА itself has no nonce.
    #[error("its nonce is not that of the attempt")]
    NonceForeign,
    /// No key that the gateway publishes now, or more than one, is that which it names.
    #[error("the gateway publishes no key that it was signed with")]
    KeyUnknown,
    /// The access token that came with it is not the one it was issued with (`at_hash`).
    #[error("it was issued with another access token")]
    AccessTokenForeign,
    /// Issued before the attempt began: a token of an earlier sign-in, used again.
    #[error("it was issued before the sign-in began")]
    Reused,
    /// Its subject is not the person whom it describes.
    #[error("it names two people")]
    SubjectsDiffer,
}

impl TokenError {
    pub(super) const DOUBTFUL_RU: &'static str = "Ответ портала «Госуслуги» не прошёл проверку \
        подлинности, и мы остановили вход. Войдите ещё раз; если не поможет, сообщите в поддержку \
        код ошибки.";
}

impl CodedError for TokenError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "esia_token_malformed",
            Self::TooLong => "esia_token_too_long",
            Self::AlgorithmGost => "esia_token_algorithm_gost",
            Self::AlgorithmRsa => "esia_token_algorithm_rsa",
            Self::AlgorithmRefused => "esia_token_algorithm",
            Self::KindRefused => "esia_token_kind",
            Self::KeysEnded { .. } => "esia_token_keys_ended",
            Self::KeysNotYetValid => "esia_token_keys_not_yet_valid",
            Self::SignatureRefused => "esia_token_signature",
            Self::ClaimMissing { .. } => "esia_token_claim_missing",
            Self::IssuerForeign => "esia_token_issuer",
            Self::AudienceForeign => "esia_token_audience",
            Self::Expired => "esia_token_expired",
            Self::NotYetValid => "esia_token_not_yet_valid",
            Self::IssuedInFuture => "esia_token_issued_in_future",
            Self::NonceForeign => "esia_token_nonce",
            Self::KeyUnknown => "esia_token_key_unknown",
            Self::AccessTokenForeign => "esia_token_access_token",
            Self::Reused => "esia_token_reused",
            Self::SubjectsDiffer => "esia_token_subjects_differ",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::KeysEnded { .. } | Self::KeysNotYetValid => {
                "Вход через «Госуслуги» остановлен: в настройках «Электронной школы» нет \
                 действующего ключа. Сообщите в поддержку код ошибки."
            }
            Self::Expired | Self::NotYetValid | Self::IssuedInFuture => {
                "Ответ портала «Госуслуги» выдан на другое время. Войдите ещё раз; если не \
                 поможет, сообщите в поддержку код ошибки."
            }
            _ => Self::DOUBTFUL_RU,
        }
    }
}
