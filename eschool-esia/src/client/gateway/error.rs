//! Why a gateway cannot be signed in through.

use eschool_core::error::CodedError;
use thiserror::Error;

/// What is wrong with what a gateway says of itself.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::client::GatewayError;
///
/// let error = GatewayError::Endpoint { field: "token_endpoint" };
/// assert_eq!(error.code(), "esia_gateway_endpoint");
/// assert!(error.to_string().contains("token_endpoint"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum GatewayError {
    /// The answer at `.well-known/openid-configuration` is no discovery document: it is no JSON, or
    /// what OpenID Connect Discovery §3 requires is absent or of another kind.
    #[error("the discovery document of the gateway is malformed")]
    DiscoveryMalformed,
    /// The discovery document, or the callback, names another issuer than the settings. The names
    /// are compared byte for byte.
    #[error("the gateway names another issuer than the settings")]
    IssuerForeign,
    /// An endpoint is absent, or would send codes and tokens through the net unencrypted, or names this
    /// machine itself (by a number or as `localhost`) though the gateway is elsewhere.
    #[error(
        "`{field}` of the gateway's discovery document is absent, does not begin with https or leads \
         to this machine"
    )]
    Endpoint {
        /// Which, as the discovery document calls it.
        field: &'static str,
    },
    /// The gateway cannot do what every sign-in needs of it.
    #[error("the gateway does not offer `{feature}`")]
    Unsupported {
        /// `response_type code`, or the algorithm of the settings.
        feature: &'static str,
    },
    /// The document with the gateway's keys (JWKS) is malformed or holds no key.
    #[error("the keys of the gateway are malformed or absent")]
    Keys,
}

impl CodedError for GatewayError {
    fn code(&self) -> &'static str {
        match self {
            Self::DiscoveryMalformed => "esia_gateway_discovery",
            Self::IssuerForeign => "esia_gateway_issuer",
            Self::Endpoint { .. } => "esia_gateway_endpoint",
            Self::Unsupported { .. } => "esia_gateway_unsupported",
            Self::Keys => "esia_gateway_keys",
        }
    }

    fn text_ru(&self) -> &'static str {
        "Вход через «Госуслуги» остановлен: шлюз, через который он идёт, настроен неверно. \
         Сообщите в поддержку код ошибки."
    }
}
