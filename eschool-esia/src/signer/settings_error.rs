//! Why no signer was made of its settings.

use std::{io, path::PathBuf};

use eschool_core::error::CodedError;

use super::SignerError;

/// Why no signer was made of its settings.
///
/// ```
/// use std::path::PathBuf;
///
/// use eschool_core::error::CodedError;
/// use eschool_esia::signer::SignerSettingsError;
///
/// let error = SignerSettingsError::File {
///     path: PathBuf::from("key.pem"),
///     kind: std::io::ErrorKind::NotFound,
/// };
/// assert_eq!(error.code(), "signer_settings_file");
/// assert!(error.to_string().contains("key.pem"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignerSettingsError {
    /// A file cannot be read.
    #[error("`{}` cannot be read: {kind}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        kind: io::ErrorKind,
    },
    /// Key and certificate do not do.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// No program is named.
    #[error("`argv` names no program")]
    Argv,
    /// The time for one signature is not 1 to 60 seconds.
    #[error("the time for one signature must be 1 to 60 seconds")]
    Timeout,
    /// Another order of bytes is set for CMS, which knows one alone.
    #[error("`order` is for raw signatures alone")]
    Order,
    /// The address is not one of https, or holds a user; http is for the machine itself alone.
    #[error("`url` must begin with https and hold no user")]
    Url,
    /// The bearer token is empty or holds what no header can.
    #[error("the bearer token must be visible ascii without spaces")]
    Token,
    /// The certificates to trust are not PEM.
    #[error("the extra roots hold no certificate or a broken one")]
    ExtraRoots,
    /// TLS cannot be set up: the machine has no certificates to trust, and none are given.
    #[error("tls cannot be set up; are root certificates installed?")]
    Tls,
}

impl CodedError for SignerSettingsError {
    fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "signer_settings_file",
            Self::Signer(error) => error.code(),
            Self::Argv => "signer_settings_argv",
            Self::Timeout => "signer_settings_timeout",
            Self::Order => "signer_settings_order",
            Self::Url => "signer_settings_url",
            Self::Token => "signer_settings_token",
            Self::ExtraRoots => "signer_settings_extra_roots",
            Self::Tls => "signer_settings_tls",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::File { .. } => "Файл из настроек подписи не читается.",
            Self::Signer(error) => error.text_ru(),
            Self::Argv => "Не указана программа электронной подписи (argv).",
            Self::Timeout => "Время на одну подпись должно быть от 1 до 60 секунд.",
            Self::Order => {
                "Порядок байтов (order) задаётся только для «сырой» подписи, не для CMS."
            }
            Self::Url => {
                "Адрес службы подписи должен начинаться с https, без имени пользователя. Адрес с \
                 http годится только на этой же машине."
            }
            Self::Token => "Маркер доступа к службе подписи пуст или записан неверно.",
            Self::ExtraRoots => "Дополнительные корневые сертификаты не читаются: нужен PEM.",
            Self::Tls => "Защищённое соединение не настроить: на машине нет корневых сертификатов.",
        }
    }
}
