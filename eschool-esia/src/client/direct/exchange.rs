//! The exchange of a code for tokens.

use std::{fmt, pin::Pin};

use oauth2::{EndpointNotSet, EndpointSet};
use openidconnect::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, ClientId, EmptyExtraTokenFields, ExtraTokenFields,
    HttpRequest, HttpResponse, OAuth2TokenResponse as _, RedirectUrl, RefreshToken,
    RequestTokenError, RevocationErrorResponseType, StandardErrorResponse,
    StandardTokenIntrospectionResponse, StandardTokenResponse, TokenUrl,
    core::{CoreErrorResponseType, CoreRevocableToken, CoreTokenType},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::clock::Clock;
use crate::client::{
    Call, CallError, EsiaCode, EsiaError, EsiaSettings,
    http::{Answer, Http},
    json::fields,
};

/// The client of `oauth2` that knows what ЕСИА answers. It has no client secret: that of ЕСИА is
/// made anew for each request.
pub(super) type OAuthClient = oauth2::Client<
    StandardErrorResponse<CoreErrorResponseType>,
    TokenAnswer,
    StandardTokenIntrospectionResponse<EmptyExtraTokenFields, CoreTokenType>,
    CoreRevocableToken,
    StandardErrorResponse<RevocationErrorResponseType>,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

type TokenAnswer = StandardTokenResponse<EsiaFields, CoreTokenType>;
type AnswerError = RequestTokenError<CallError, StandardErrorResponse<CoreErrorResponseType>>;

pub(super) fn oauth_client(settings: &EsiaSettings) -> OAuthClient {
    oauth2::Client::new(ClientId::new(settings.client_id.clone()))
        .set_auth_uri(AuthUrl::from_url(settings.endpoints.authorize.clone()))
        .set_token_uri(TokenUrl::from_url(settings.endpoints.token.clone()))
        .set_redirect_uri(RedirectUrl::from_url(settings.redirect_uri.clone()))
}

/// What ЕСИА adds to the standard answer. The id_token stays a text here: the standard's claims
/// refuse those of ЕСИА, and the whole answer with them.
#[derive(Serialize, Deserialize)]
pub(super) struct EsiaFields {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
}

impl fmt::Debug for EsiaFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EsiaFields(***)")
    }
}

impl ExtraTokenFields for EsiaFields {}

/// The two tokens, and a third for whoever asks for offline access.
pub(super) struct Tokens {
    pub(super) id: String,
    pub(super) access: String,
    pub(super) refresh: Option<String>,
}

/// Sends a code, which is good once: nothing here is ever sent again.
pub(super) async fn exchange(
    wire: Wire<'_>,
    client: &OAuthClient,
    code: &str,
    state: &str,
    extra: Vec<(&'static str, String)>,
) -> Result<Tokens, EsiaError> {
    let mut request = client
        .exchange_code(AuthorizationCode::new(code.into()))
        .add_extra_param("state", state.to_owned())
        .add_extra_param("token_type", "Bearer");
    for (name, value) in extra {
        request = request.add_extra_param(name, value);
    }
    tokens(request.request_async(&wire).await, state)
}

/// Sends a refresh token, which may be good once too.
pub(super) async fn refresh(
    wire: Wire<'_>,
    client: &OAuthClient,
    token: &str,
    state: &str,
    extra: Vec<(&'static str, String)>,
) -> Result<Tokens, EsiaError> {
    let token = RefreshToken::new(token.to_owned());
    let mut request = client
        .exchange_refresh_token(&token)
        .add_extra_param("state", state.to_owned())
        .add_extra_param("token_type", "Bearer");
    for (name, value) in extra {
        request = request.add_extra_param(name, value);
    }
    tokens(request.request_async(&wire).await, state)
}

/// The tokens of an answer that repeats the state of its request.
fn tokens(answer: Result<TokenAnswer, AnswerError>, state: &str) -> Result<Tokens, EsiaError> {
    let answer = answer.map_err(refusal)?;
    let fields = answer.extra_fields();
    if fields.state.as_deref() != Some(state) {
        return Err(EsiaError::AnswerStateMismatch);
    }
    let id = fields.id_token.clone().ok_or(EsiaError::IdTokenMissing)?;
    let refresh = answer.refresh_token().map(|token| token.secret().clone());
    Ok(Tokens { id, access: answer.access_token().secret().clone(), refresh })
}

/// Sends what the crate asks for, and lets the clock learn from the answer.
pub(super) struct Wire<'a> {
    pub(super) http: &'a Http,
    pub(super) clock: &'a Clock,
}

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = CallError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, CallError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(send(self, request))
    }
}

async fn send(wire: &Wire<'_>, request: HttpRequest) -> Result<HttpResponse, CallError> {
    let request = request.try_into().map_err(|_| CallError::Malformed)?;
    let sent = wire.http.send_explained(request, |date| wire.clock.learn(date)).await;
    let Answer { status, body, .. } = sent?;
    let failed = status.is_server_error();
    let object = fields(&body).filter(|object| !failed || names_code(object));
    let object = object.ok_or(match status.as_u16() {
        status if failed => CallError::ServerFailed { status },
        200 if body.trim_ascii().is_empty() => CallError::Empty,
        200 => CallError::Malformed,
        // A refusal that is no JSON tells nothing but its status.
        status => CallError::UnexpectedStatus { status },
    })?;
    let mut response = HttpResponse::new(standard(object));
    *response.status_mut() = status;
    Ok(response)
}

/// Whether it is a refusal with a code of ЕСИА.
fn names_code(object: &Map<String, Value>) -> bool {
    let text = |name| object.get(name).and_then(Value::as_str);
    text("error").is_some() && text("error_description").and_then(EsiaCode::parse).is_some()
}

/// The answer in the form that the standard gives it: `expires_in` comes as a text too, and its
/// other optional fields are not worth failing for.
fn standard(mut object: Map<String, Value>) -> Vec<u8> {
    let seconds = object.remove("expires_in").and_then(|value| match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64(),
    });
    if let Some(seconds) = seconds {
        object.insert("expires_in".into(), seconds.into());
    }
    object.retain(|name, value| name != "scope" || value.is_string());
    Value::Object(object).to_string().into_bytes()
}

/// What was wrong with the exchange. The answer itself, which may hold tokens, is dropped.
fn refusal(error: AnswerError) -> EsiaError {
    let error = match error {
        RequestTokenError::ServerResponse(response) => {
            let description = response.error_description().map(String::as_str);
            return EsiaError::refused(description.and_then(EsiaCode::parse));
        }
        RequestTokenError::Request(error) => error,
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => CallError::Malformed,
    };
    EsiaError::Call { call: Call::Token, error }
}
