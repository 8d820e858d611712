//! Requests from server to server, and why they fail.

use std::fmt;

use eschool_core::error::CodedError;
use thiserror::Error;

/// A request that this system sends to ЕСИА or to a gateway.
///
/// ```
/// use eschool_esia::client::Call;
///
/// assert_eq!(Call::Contacts.to_string(), "the request of contacts");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// The code is exchanged for tokens.
    Token,
    /// `/rs/prns/{oid}`.
    Person,
    /// `/rs/prns/{oid}/ctts`.
    Contacts,
    /// `/rs/prns/{oid}/kids`.
    Children,
    /// A gateway is asked to describe itself: `.well-known/openid-configuration`.
    Discovery,
    /// The keys of a gateway (JWKS).
    Keys,
    /// The userinfo endpoint of a gateway.
    UserInfo,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "the request of tokens",
            Self::Person => "the request of the person",
            Self::Contacts => "the request of contacts",
            Self::Children => "the request of children",
            Self::Discovery => "the request of the gateway's description",
            Self::Keys => "the request of the gateway's keys",
            Self::UserInfo => "the request of the person at the gateway",
        })
    }
}

/// Why a request failed or its answer cannot be used.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::client::CallError;
///
/// assert_eq!(CallError::Html.code(), "esia_html_answer");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CallError {
    /// No connection: refused, no such host, a TLS certificate that nobody vouches for.
    #[error("no connection")]
    Unreachable,
    /// The connection was lost before the answer was whole.
    #[error("the connection was lost")]
    Interrupted,
    /// No whole answer in the time of the settings.
    #[error("no answer in time")]
    TimedOut,
    /// The answer before named an address that does not begin with https; http is for the machine
    /// itself alone. Nothing was sent there.
    #[error("the address does not begin with https")]
    Unencrypted,
    /// The answer before named an address that is not among the data of people. Nothing was sent
    /// there: the access token would have gone to a stranger.
    #[error("the answer leads elsewhere")]
    Foreign,
    /// A redirect, which is never followed: it would carry the request to a stranger.
    #[error("redirected")]
    Redirected,
    /// The server failed (HTTP 5xx).
    #[error("the server failed with {status}")]
    ServerFailed {
        /// The HTTP status.
        status: u16,
    },
    /// The server refused the access token (HTTP 401).
    #[error("the access token was refused")]
    Unauthorized,
    /// The scope does not hold what was asked for (HTTP 403).
    #[error("the scope does not hold this")]
    Forbidden,
    /// Another status than this request can have.
    #[error("unexpected status {status}")]
    UnexpectedStatus {
        /// The HTTP status.
        status: u16,
    },
    /// A page where data should be, as ЕСИА does under maintenance.
    #[error("the answer is an html page")]
    Html,
    /// No answer at all under a good status.
    #[error("the answer is empty")]
    Empty,
    /// More than a megabyte, or a list of more than 32 addresses.
    #[error("the answer is too long")]
    TooLong,
    /// Not the JSON object that it should be.
    #[error("the answer is malformed")]
    Malformed,
}

impl CallError {
    /// Whether the same request, if it changes nothing at ЕСИА, may be sent again at once.
    pub(super) const fn is_transient(self) -> bool {
        matches!(self, Self::Unreachable | Self::Interrupted)
    }
}

impl CodedError for CallError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreachable => "esia_unreachable",
            Self::Interrupted => "esia_interrupted",
            Self::TimedOut => "esia_timed_out",
            Self::Unencrypted => "esia_unencrypted",
            Self::Foreign => "esia_foreign_address",
            Self::Redirected => "esia_redirected",
            Self::ServerFailed { .. } => "esia_server_failed",
            Self::Unauthorized => "esia_unauthorized",
            Self::Forbidden => "esia_forbidden",
            Self::UnexpectedStatus { .. } => "esia_unexpected_status",
            Self::Html => "esia_html_answer",
            Self::Empty => "esia_empty_answer",
            Self::TooLong => "esia_answer_too_long",
            Self::Malformed => "esia_answer_malformed",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Unreachable | Self::Interrupted | Self::TimedOut => {
                "Портал «Госуслуги» не отвечает. Попробуйте через несколько минут."
            }
            Self::ServerFailed { .. } | Self::Html | Self::Empty => {
                "На портале «Госуслуги» сбой или технические работы. Попробуйте через несколько \
                 минут."
            }
            Self::Unauthorized => {
                "Портал «Госуслуги» не выдал данные по этой попытке. Войдите ещё раз."
            }
            Self::Forbidden => {
                "Портал «Госуслуги» не разрешил «Электронной школе» получить данные, нужные для \
                 входа. Сообщите в поддержку код ошибки."
            }
            Self::Unencrypted
            | Self::Foreign
            | Self::Redirected
            | Self::UnexpectedStatus { .. }
            | Self::TooLong
            | Self::Malformed => {
                "Портал «Госуслуги» ответил не так, как должен. Попробуйте ещё раз; если не \
                 поможет, сообщите в поддержку код ошибки."
            }
        }
    }
}
