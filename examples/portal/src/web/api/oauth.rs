//! `POST /token` with a form: what an app gets for its code, and for what it refreshes with (RFC 6749).

use axum::{
    Json,
    body::Bytes,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use eschool_core::error::{ApiError, CodedError};
use eschool_store::{AppGrantError, AppTokens};
use serde::Serialize;
use thiserror::Error;
use url::form_urlencoded;
use zeroize::Zeroizing;

use crate::web::App;

/// What an app gets.
#[derive(Serialize)]
struct Granted {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    refresh_token: String,
}

/// Why it gets nothing.
pub(super) struct Refused {
    status: StatusCode,
    error: &'static str,
    api: Box<ApiError>,
}

#[derive(Serialize)]
struct Told {
    error: &'static str,
    error_description: String,
    #[serde(flatten)]
    api: ApiError,
}

/// A form that is wrong before the store is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
enum FormError {
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    #[error("the parameter {0} stands there more than once")]
    Repeated(&'static str),
    #[error("grant_type must be authorization_code or refresh_token")]
    GrantType,
    #[error("no app of this client_id is registered")]
    Client,
}

impl CodedError for FormError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "parameter_missing",
            Self::Repeated(_) => "parameter_repeated",
            Self::GrantType => "grant_type_unsupported",
            Self::Client => "client_unknown",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Missing(_) => "В запросе нет нужного параметра",
            Self::Repeated(_) => "Параметр в запросе указан несколько раз",
            Self::GrantType => "grant_type – authorization_code или refresh_token",
            Self::Client => "Приложение с таким client_id не зарегистрировано",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing(name) | Self::Repeated(name) => Some(name),
            Self::GrantType => Some("grant_type"),
            Self::Client => Some("client_id"),
        }
    }
}

/// The form.
struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    fn of(body: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(body).into_owned();
        Self(pairs.map(|(name, value)| (name, value.into())).collect())
    }

    fn get(&self, name: &'static str) -> Result<&str, FormError> {
        let mut found = self.0.iter().filter(|(own, _)| own == name);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(FormError::Repeated(name)),
            (Some((_, value)), None) if !value.is_empty() => Ok(value),
            _ => Err(FormError::Missing(name)),
        }
    }
}

/// Answers the form.
pub(super) async fn tokens(app: &App, body: &Bytes) -> Result<Response, Refused> {
    let form = Form::of(body);
    let grant_type = form.get("grant_type")?;
    let known = |client| if app.apps().has(client) { Ok(client) } else { Err(FormError::Client) };
    let tokens = match grant_type {
        "authorization_code" => {
            let client = known(form.get("client_id")?)?;
            let (code, redirect_uri) = (form.get("code")?, form.get("redirect_uri")?);
            let verifier = form.get("code_verifier")?;
            app.store().redeem_app_code(code, client, redirect_uri, verifier).await?
        }
        "refresh_token" => {
            let client = known(form.get("client_id")?)?;
            app.store().refresh_app(form.get("refresh_token")?, client).await?
        }
        _ => return Err(FormError::GrantType.into()),
    };
    Ok(granted(&tokens, app.now()))
}

fn granted(tokens: &AppTokens, now: DateTime<Utc>) -> Response {
    let body = Granted {
        access_token: tokens.access.to_text().to_string(),
        token_type: "Bearer",
        expires_in: (tokens.session.expires_at - now).num_seconds().max(0),
        refresh_token: tokens.refresh.to_text().to_string(),
    };
    (NOT_KEPT, Json(body)).into_response()
}

/// What nothing on the way may keep.
const NOT_KEPT: [(HeaderName, HeaderValue); 2] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
];

impl From<FormError> for Refused {
    fn from(error: FormError) -> Self {
        let told = match error {
            FormError::Missing(_) | FormError::Repeated(_) => "invalid_request",
            FormError::GrantType => "unsupported_grant_type",
            FormError::Client => "invalid_client",
        };
        let api = Box::new(ApiError::of(&error, None));
        Self { status: StatusCode::BAD_REQUEST, error: told, api }
    }
}

impl From<AppGrantError> for Refused {
    fn from(error: AppGrantError) -> Self {
        let mut api = ApiError::of(&error, None);
        let (status, told) = match &error {
            AppGrantError::Store(error) => {
                tracing::error!(code = error.code(), "the store failed: {error}");
                (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
            }
            AppGrantError::Refused(refusal) => {
                refusal.code.as_str().clone_into(&mut api.code);
                (StatusCode::BAD_REQUEST, "invalid_grant")
            }
            _ => (StatusCode::BAD_REQUEST, "invalid_grant"),
        };
        Self { status, error: told, api: Box::new(api) }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self { status, error, api } = self;
        let error_description = api.text_en.clone();
        (status, NOT_KEPT, Json(Told { error, error_description, api: *api })).into_response()
    }
}
