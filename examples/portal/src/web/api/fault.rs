//! What goes wrong in the API, as JSON.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use eschool_core::error::{ApiError, CodedError};
use eschool_store::{DiaryError, RevokeError, SessionError, StoreError};
use thiserror::Error;

/// A request that is wrong before any rule is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum RequestError {
    /// The body is not the JSON that is wanted.
    #[error("the body is not a JSON object with the strings `login` and `password`")]
    JsonMalformed,
    /// The body says it is something else than JSON.
    #[error("the body must be sent as `application/json`")]
    JsonExpected,
    /// The body breaks off.
    #[error("the body was not received whole")]
    BodyUnread,
    /// The body is too long.
    #[error("the body is longer than 16 KiB")]
    BodyTooLarge,
    /// The query does not read.
    #[error("the query does not read; give each parameter once")]
    QueryMalformed,
    /// There is no such address.
    #[error("there is nothing at this address")]
    NotFound,
    /// The address does not take this method.
    #[error("this address does not take the method; see the header `Allow`")]
    MethodNotAllowed,
    /// The answer, or the request's body, took too long.
    #[error("the answer took too long; try again in a minute")]
    TooSlow,
}

impl CodedError for RequestError {
    fn code(&self) -> &'static str {
        match self {
            Self::JsonMalformed => "json_malformed",
            Self::JsonExpected => "json_expected",
            Self::BodyUnread => "body_unread",
            Self::BodyTooLarge => "body_too_large",
            Self::QueryMalformed => "query_malformed",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooSlow => "too_slow",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::JsonMalformed => "Тело запроса – не объект JSON со строками login и password",
            Self::JsonExpected => "Тело запроса отправляют как application/json",
            Self::BodyUnread => "Тело запроса получено не целиком",
            Self::BodyTooLarge => "Тело запроса длиннее 16 КиБ",
            Self::QueryMalformed => "Параметры запроса не читаются: укажите каждый один раз",
            Self::NotFound => "По этому адресу ничего нет",
            Self::MethodNotAllowed => "Этот адрес так не вызывают: см. заголовок Allow",
            Self::TooSlow => "Ответ занял слишком много времени. Попробуйте через минуту",
        }
    }
}

/// An error as it is answered.
#[derive(Debug)]
pub(in crate::web) struct Fault {
    status: StatusCode,
    error: Box<ApiError>,
}

impl Fault {
    fn new(status: StatusCode, error: &dyn CodedError, field: Option<&str>) -> Self {
        Self { status, error: Box::new(ApiError::of(error, field)) }
    }

    /// The answer to a request that is wrong.
    pub(super) fn of(error: &RequestError) -> Self {
        let status = match error {
            RequestError::JsonMalformed
            | RequestError::BodyUnread
            | RequestError::QueryMalformed => StatusCode::BAD_REQUEST,
            RequestError::JsonExpected => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            RequestError::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            RequestError::NotFound => StatusCode::NOT_FOUND,
            RequestError::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            RequestError::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, error, None)
    }

    /// The answer to a parameter that is wrong.
    pub(super) fn field(error: &dyn CodedError, field: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, Some(field))
    }

    /// The answer to a range that is none.
    pub(super) fn range(error: &dyn CodedError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, None)
    }

    /// The answer to whoever has no session.
    pub(super) fn unauthorized(error: &dyn CodedError) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error, None)
    }

    /// The answer to whoever may not.
    pub(super) fn forbidden(error: &dyn CodedError) -> Self {
        Self::new(StatusCode::FORBIDDEN, error, None)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        tracing::error!(code = error.code(), "the store failed: {error}");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, &error, None)
    }
}

impl From<SessionError> for Fault {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Store(error) => error.into(),
            SessionError::Ended => Self::unauthorized(&error),
            SessionError::NotGranted => Self::forbidden(&error),
        }
    }
}

impl From<RevokeError> for Fault {
    fn from(error: RevokeError) -> Self {
        match error {
            RevokeError::Store(error) => error.into(),
            RevokeError::Unknown => Self::new(StatusCode::NOT_FOUND, &error, Some("id")),
        }
    }
}

impl From<DiaryError> for Fault {
    fn from(error: DiaryError) -> Self {
        match error {
            DiaryError::Store(error) => error.into(),
            DiaryError::Access(error) => Self::forbidden(&error),
            DiaryError::RangeTooLong => Self::range(&error),
            DiaryError::TermNotFound => Self::new(StatusCode::NOT_FOUND, &error, Some("name")),
            DiaryError::YearArchived => Self::new(StatusCode::GONE, &error, None),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.error)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
