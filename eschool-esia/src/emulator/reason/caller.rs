//! What is wrong with the proof of who sends a request.

use chrono::{DateTime, Utc};
use eschool_core::error::CodedError as _;

use super::{Told, told};
use crate::cms::CmsError;

/// What is wrong with the proof of who calls.
#[derive(Clone, Debug)]
pub(in crate::emulator) enum CallerReason {
    TimestampForm,
    TimestampFar { seconds: i64 },
    CertificateHash,
    CertificateTime { from: DateTime<Utc>, until: DateTime<Utc> },
    SecretKey,
    SecretForm,
    SecretReversed,
    SecretSwapped,
    SecretHalves,
    SecretWrong { fields: &'static str },
    CmsForm,
    Cms(CmsError),
}

impl CallerReason {
    pub(super) fn told(&self) -> Told {
        match self {
            Self::TimestampForm => told(
                "timestamp_form",
                "`timestamp` – не `yyyy.MM.dd HH:mm:ss Z`; его `+` передают как `%2B`",
                "`timestamp` is not `yyyy.MM.dd HH:mm:ss Z`; its `+` goes as `%2B`",
            ),
            Self::TimestampFar { seconds } => (
                "timestamp_far",
                format!("`timestamp` расходится с часами эмулятора на {seconds} с"),
                format!("`timestamp` is too far from the emulator's clock: {seconds} s"),
            ),
            Self::CertificateHash => told(
                "certificate_hash",
                "`client_certificate_hash` – не Стрибог-256 от DER зарегистрированного сертификата \
                 заглавными шестнадцатеричными цифрами",
                "`client_certificate_hash` is not the Streebog-256 of the registered certificate's \
                 DER in upper-case hex",
            ),
            Self::CertificateTime { from, until } => {
                let (from, until) = (day(*from), day(*until));
                (
                    "certificate_time",
                    format!(
                        "зарегистрированный сертификат сейчас не действует: он с {from} по {until}"
                    ),
                    format!(
                        "the registered certificate is not valid now: it is from {from} to {until}"
                    ),
                )
            }
            Self::SecretKey => told(
                "secret_key",
                "ключ зарегистрированного сертификата для этого интерфейса не подходит: нужен ГОСТ \
                 Р 34.10-2012, 256 бит",
                "the registered certificate has no key of ГОСТ Р 34.10-2012, 256 bits",
            ),
            Self::SecretForm => told(
                "secret_form",
                "`client_secret` – не 64 байта в base64url",
                "`client_secret` is not 64 bytes in base64url",
            ),
            Self::SecretReversed => told(
                "secret_reversed",
                "`client_secret` верен, но его 64 байта стоят задом наперёд, как их выдаёт \
                 КриптоПро; ЕСИА ждёт s ‖ r, старшие байты вперёд",
                "`client_secret` is right but for its 64 bytes standing backwards, as CryptoPro \
                 gives them; ЕСИА takes s ‖ r, both big-endian",
            ),
            Self::SecretSwapped => told(
                "secret_swapped",
                "`client_secret` верен, но его половины переставлены: это r ‖ s, а ЕСИА ждёт s ‖ r",
                "`client_secret` is right but for its halves being swapped: it is r ‖ s, and ЕСИА \
                 takes s ‖ r",
            ),
            Self::SecretHalves => told(
                "secret_halves",
                "`client_secret` верен, но байты каждой половины стоят задом наперёд; ЕСИА ждёт s ‖ \
                 r, старшие байты вперёд",
                "`client_secret` is right but for the bytes of each half standing backwards; ЕСИА \
                 takes s ‖ r, both big-endian",
            ),
            Self::SecretWrong { fields } => (
                "secret_wrong",
                format!(
                    "`client_secret` – не подпись ключом зарегистрированного сертификата под \
                     строкой {fields}"
                ),
                format!(
                    "`client_secret` does not sign {fields} with the registered certificate's key"
                ),
            ),
            Self::CmsForm => told(
                "secret_form",
                "`client_secret` – не base64url",
                "`client_secret` is not base64url",
            ),
            Self::Cms(error) => (
                error.code(),
                format!(
                    "`client_secret` – не подходящая подпись CMS. {}",
                    error.text_ru().trim_end_matches('.')
                ),
                format!("`client_secret` is not the detached CMS that is awaited: {error}"),
            ),
        }
    }
}

/// What is wrong with PKCE.
#[derive(Clone, Debug)]
pub(in crate::emulator) enum ChallengeReason {
    ChallengeNeeded,
    ChallengeMissing,
    ChallengeMethod,
    VerifierUnasked,
    VerifierMissing,
    VerifierWrong,
}

impl ChallengeReason {
    pub(super) fn told(&self) -> Told {
        match self {
            Self::ChallengeNeeded => told(
                "challenge_needed",
                "нет `code_challenge`, а в книге у системы `pkce = \"required\"`",
                "there is no `code_challenge`, and the book says `pkce = \"required\"`",
            ),
            Self::ChallengeMissing => told(
                "challenge_missing",
                "есть `code_challenge_method`, но нет `code_challenge`",
                "`code_challenge_method` stands without `code_challenge`",
            ),
            Self::ChallengeMethod => told(
                "challenge_method",
                "`code_challenge_method` – не `S256` и не `GOST3411`",
                "`code_challenge_method` is neither `S256` nor `GOST3411`",
            ),
            Self::VerifierUnasked => told(
                "verifier_unasked",
                "есть `code_verifier`, а при входе не было `code_challenge`",
                "`code_verifier` stands, but authorize had no `code_challenge`",
            ),
            Self::VerifierMissing => told(
                "verifier_missing",
                "нет `code_verifier`, а при входе был `code_challenge`",
                "there is no `code_verifier`, but authorize had `code_challenge`",
            ),
            Self::VerifierWrong => told(
                "verifier_wrong",
                "`code_challenge` получен не из этого `code_verifier`",
                "`code_verifier` is not what `code_challenge` was made of",
            ),
        }
    }
}

/// `01.09.2026`, by UTC.
fn day(at: DateTime<Utc>) -> String {
    at.format("%d.%m.%Y").to_string()
}
