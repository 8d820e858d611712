//! Why settings are refused.

use chrono::{DateTime, Utc};
use eschool_core::error::CodedError;
use thiserror::Error;

use super::Profile;
use crate::signer::SignatureForm;

/// Why the client was not made of its settings.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::client::SettingsError;
///
/// let error = SettingsError::TokenKey { number: 2 };
/// assert_eq!(error.code(), "esia_settings_token_key");
/// assert!(error.to_string().contains("key 2"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// The mnemonic is empty or has characters that mnemonics do not have.
    #[error("`clientId` is no mnemonic")]
    ClientId,
    /// The address to come back to is not one of https, or holds a user or a fragment; http is
    /// for the machine itself alone.
    #[error("`redirectUri` must begin with https and hold neither a user nor a fragment")]
    RedirectUri,
    /// The issuer is empty or blank.
    #[error("`issuer` is missing")]
    Issuer,
    /// A scope is empty or has a space in it, or `openid` is not among them.
    #[error("`scopes` lack `openid` or hold what is no scope")]
    Scopes,
    /// An address is not one of https; http is for the machine itself alone.
    #[error("`endpoints.{field}` must begin with https")]
    Endpoint {
        /// Which.
        field: &'static str,
    },
    /// The addresses are those of the other interface of ЕСИА.
    #[error("`endpoints` are not those of the profile `{}`", profile.name())]
    ProfileEndpoints {
        /// The profile that is set.
        profile: Profile,
    },
    /// The signer gives signatures of another form than the profile takes.
    #[error(
        "the profile `{}` takes {} signatures, and the signer gives {} ones",
        profile.name(), told(profile.form()), told(*form)
    )]
    SignerForm {
        /// The profile that is set.
        profile: Profile,
        /// What the signer gives.
        form: SignatureForm,
    },
    /// There is no key to verify tokens with.
    #[error("`tokenKeys` is empty; put in the public key of esia")]
    TokenKeysMissing,
    /// A key is neither an RSA key of 2048 to 4096 bits nor a ГОСТ key of 256 bits in PEM.
    #[error(
        "key {number} of `tokenKeys` is no RSA key of 2048 to 4096 bits and no gost key in PEM"
    )]
    TokenKey {
        /// Counted from 1.
        number: usize,
    },
    /// Every key to verify tokens with has ended: no token would hold.
    #[error("the last of `tokenKeys` ended on {}; put in the new key of esia", ended.date_naive())]
    TokenKeysEnded {
        /// When it ended.
        ended: DateTime<Utc>,
    },
    /// The certificate of the key that signs requests has ended: ЕСИА would refuse every request.
    #[error("the certificate that requests to esia are signed with ended on {}", ended.date_naive())]
    CertificateEnded {
        /// When it ended.
        ended: DateTime<Utc>,
    },
    /// The issuer of the gateway is no address of https; http is for the machine itself alone.
    #[error("`issuer` of the gateway must be an address that begins with https")]
    GatewayIssuer,
    /// The secret for the gateway is empty.
    #[error("`clientSecret` is missing")]
    ClientSecret,
    /// A claim of the gateway has no name, or one of its values means two things.
    #[error("`claims.{field}` is missing or contradicts another")]
    Claim {
        /// Which.
        field: &'static str,
    },
    /// A field of children has no name.
    #[error("`childFields.{field}` is missing")]
    ChildField {
        /// Which.
        field: &'static str,
    },
    /// A number is outside its range.
    #[error("`{field}` is out of range")]
    OutOfRange {
        /// Which.
        field: &'static str,
    },
    /// The certificates to trust are not PEM.
    #[error("`extraRootsPem` holds no certificate or a broken one")]
    ExtraRoots,
    /// TLS cannot be set up: the machine has no certificates to trust, and none are given.
    #[error("tls cannot be set up; are root certificates installed?")]
    Tls,
}

const fn told(form: SignatureForm) -> &'static str {
    match form {
        SignatureForm::Raw => "raw",
        SignatureForm::Cms => "cms",
    }
}

impl CodedError for SettingsError {
    fn code(&self) -> &'static str {
        match self {
            Self::ClientId => "esia_settings_client_id",
            Self::RedirectUri => "esia_settings_redirect_uri",
            Self::Issuer => "esia_settings_issuer",
            Self::Scopes => "esia_settings_scopes",
            Self::Endpoint { .. } => "esia_settings_endpoint",
            Self::ProfileEndpoints { .. } => "esia_settings_profile_endpoints",
            Self::SignerForm { .. } => "esia_settings_signer_form",
            Self::TokenKeysMissing => "esia_settings_token_keys_missing",
            Self::TokenKey { .. } => "esia_settings_token_key",
            Self::TokenKeysEnded { .. } => "esia_settings_token_keys_ended",
            Self::CertificateEnded { .. } => "esia_settings_certificate_ended",
            Self::GatewayIssuer => "esia_settings_gateway_issuer",
            Self::ClientSecret => "esia_settings_client_secret",
            Self::Claim { .. } => "esia_settings_claim",
            Self::ChildField { .. } => "esia_settings_child_field",
            Self::OutOfRange { .. } => "esia_settings_out_of_range",
            Self::ExtraRoots => "esia_settings_extra_roots",
            Self::Tls => "esia_settings_tls",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::ClientId => "Мнемоника системы (clientId) не указана или записана неверно.",
            Self::RedirectUri => {
                "Адрес возврата (redirectUri) должен начинаться с https, без имени пользователя и \
                 без части после «#». Адрес с http годится только на этой же машине."
            }
            Self::Issuer => "Не указано имя издателя маркеров (issuer).",
            Self::Scopes => {
                "В областях доступа (scopes) нет openid, или одна из них записана неверно."
            }
            Self::Endpoint { .. } => {
                "Адрес ЕСИА должен начинаться с https. Адрес с http годится только на этой же \
                 машине."
            }
            Self::ProfileEndpoints { .. } => {
                "Адреса ЕСИА (endpoints) – от другого её интерфейса, чем указан в profile."
            }
            Self::SignerForm { profile: Profile::V3, .. } => {
                "Интерфейс v2/v3 ЕСИА принимает «сырую» подпись ГОСТ (64 байта), а средство подписи \
                 настроено на CMS."
            }
            Self::SignerForm { profile: Profile::Legacy, .. } => {
                "Прежний интерфейс ЕСИА (legacy) принимает подпись CMS, а средство подписи настроено \
                 на «сырую»."
            }
            Self::TokenKeysMissing => {
                "Не указан ни один открытый ключ ЕСИА (tokenKeys): маркеры нечем проверять."
            }
            Self::TokenKey { .. } => {
                "Ключ ЕСИА не читается: нужен открытый ключ RSA длиной от 2048 до 4096 бит, ключ \
                 ГОСТ Р 34.10-2012 длиной 256 бит или сертификат с одним из них, в формате PEM."
            }
            Self::TokenKeysEnded { .. } => {
                "Срок всех ключей ЕСИА (tokenKeys) истёк: укажите новый открытый ключ."
            }
            Self::CertificateEnded { .. } => {
                "Срок сертификата, с которым подписываются запросы к ЕСИА, истёк. Укажите новый."
            }
            Self::GatewayIssuer => {
                "Имя издателя шлюза (issuer) – это его адрес, и он должен начинаться с https. \
                 Адрес с http годится только на этой же машине."
            }
            Self::ClientSecret => "Не указан секрет системы для шлюза (clientSecret).",
            Self::Claim { .. } => {
                "Имя одного из утверждений шлюза (claims) не указано, или одно значение \
                 означает и подтверждённую, и детскую учётную запись."
            }
            Self::ChildField { .. } => "Имя одного из полей ребёнка (childFields) не указано.",
            Self::OutOfRange { .. } => "Число в настройках ЕСИА вне допустимых пределов.",
            Self::ExtraRoots => "Дополнительные корневые сертификаты не читаются: нужен PEM.",
            Self::Tls => "Защищённое соединение не настроить: на машине нет корневых сертификатов.",
        }
    }
}
