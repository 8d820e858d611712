//! Why there is no signer, or no signature.

use eschool_core::error::CodedError;

use crate::{
    certificate::CertificateError,
    cms::CmsError,
    gost::{KeyError, SignatureError},
    rsa::RsaKeyError,
};

/// Why there is no signer, or no signature.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::signer::GostSigner;
///
/// let error = GostSigner::read("not a key", "not a certificate").unwrap_err();
/// assert_eq!(error.code(), "gost_key_pem");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// The private ГОСТ key, or the key in the certificate, is not one that can sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The private RSA key is not one that can sign.
    #[error(transparent)]
    RsaKey(#[from] RsaKeyError),
    /// The certificate cannot be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The certificate was made for another key.
    #[error("the certificate belongs to another private key")]
    OtherKey,
    /// Whoever holds the key does not answer or refuses.
    #[error("the signing service is not available")]
    Unavailable,
    /// Whoever holds the key does not answer in the time of the settings.
    #[error("the signing service does not answer in time")]
    TimedOut,
    /// The program that signs ended with a failure.
    #[error("the signing program failed{}", with_status(*status))]
    CommandFailed {
        /// Its exit status; none where a signal ended it.
        status: Option<i32>,
    },
    /// The service that signs answered with another status than 200.
    #[error("the signing service answered with status {status}")]
    ServiceRefused {
        /// The HTTP status.
        status: u16,
    },
    /// The answer is longer than any signature.
    #[error("the signing service gave too long an answer")]
    AnswerTooLong,
    /// The answer is neither a signature nor its text in base64 or PEM.
    #[error("the signing service gave no signature but something else")]
    AnswerUnreadable,
    /// What came back is a right signature with its 64 bytes backwards: the order of the settings
    /// has to be the other one.
    #[error("the bytes of the signature stand backwards; set the other `order`")]
    Backwards,
    /// What came back is no raw signature, or not of this message by the certificate's key.
    #[error(transparent)]
    Answer(#[from] SignatureError),
    /// What came back is no signature in CMS, or not of this message by the certificate's key; or
    /// it could not be made here.
    #[error(transparent)]
    Cms(#[from] CmsError),
}

fn with_status(status: Option<i32>) -> String {
    status.map_or_else(String::new, |status| format!(" with status {status}"))
}

impl CodedError for SignerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Key(error) => error.code(),
            Self::RsaKey(error) => error.code(),
            Self::Certificate(error) => error.code(),
            Self::OtherKey => "signer_other_key",
            Self::Unavailable => "signer_unavailable",
            Self::TimedOut => "signer_timed_out",
            Self::CommandFailed { .. } => "signer_command_failed",
            Self::ServiceRefused { .. } => "signer_service_refused",
            Self::AnswerTooLong => "signer_answer_too_long",
            Self::AnswerUnreadable => "signer_answer_unreadable",
            Self::Backwards => "signer_backwards",
            Self::Answer(error) => error.code(),
            Self::Cms(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Key(error) => error.text_ru(),
            Self::RsaKey(error) => error.text_ru(),
            Self::Certificate(error) => error.text_ru(),
            Self::OtherKey => "Сертификат выдан не на этот закрытый ключ.",
            Self::Unavailable => "Средство электронной подписи не отвечает.",
            Self::TimedOut => "Средство электронной подписи не ответило вовремя.",
            Self::CommandFailed { .. } => {
                "Программа электронной подписи завершилась с ошибкой. Запустите её вручную от имени \
                 того же пользователя."
            }
            Self::ServiceRefused { .. } => {
                "Служба электронной подписи отказала: проверьте её журнал и маркер доступа."
            }
            Self::AnswerTooLong => {
                "Средство электронной подписи вернуло слишком длинный ответ: это не подпись."
            }
            Self::AnswerUnreadable => {
                "Средство электронной подписи вернуло не подпись: нужны её байты, base64 или PEM."
            }
            Self::Backwards => {
                "Байты подписи идут в обратном порядке: измените порядок (order) в настройках."
            }
            Self::Answer(error) => error.text_ru(),
            Self::Cms(error) => error.text_ru(),
        }
    }
}
