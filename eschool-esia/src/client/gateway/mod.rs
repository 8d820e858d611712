//! The profile `gateway`: standard OpenID Connect with a gateway between this system and ЕСИА.
//!
//! The crate openidconnect is used as it is; what is added are the bounds, the errors, and which
//! claim means what.

use std::sync::Arc;

use eschool_core::signin::EsiaPerson;
use openidconnect::{
    AuthorizationCode, CsrfToken, LogoutRequest, Nonce, OAuth2TokenResponse as _, PkceCodeVerifier,
    PostLogoutRedirectUrl, RequestTokenError, Scope, StandardErrorResponse, SubjectIdentifier,
    TokenResponse as _, UserInfoClaims, UserInfoError,
    core::{CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim},
};
use serde_json::{Map, Value};
use url::Url;

use self::{
    claims::Said,
    id_token::Moment,
    kept::Kept,
    provider::{OwnClaims, Provider, TokenAnswer},
    wire::{Failed, Wire},
};
use super::{
    Attempt, Call, CallError, Callback, EsiaCode, EsiaError, SettingsError, Started, Token,
    TokenError, http::Http, secret::Secret,
};
use crate::ambient::Ambient;

mod claims;
mod error;
mod id_token;
mod kept;
mod person;
mod provider;
mod settings;
mod wire;

pub use claims::{BirthDateFormat, GatewayClaims};
pub use error::GatewayError;
pub use settings::{ClientAuth, ClientSecret, GatewayAlgorithm, GatewaySettings};

/// The way through a gateway.
pub(super) struct Gateway {
    settings: GatewaySettings,
    http: Http,
    ambient: Ambient,
    kept: Kept,
}

/// What the tokens say, still to be verified.
struct Answered {
    provider: Arc<Provider>,
    tokens: TokenAnswer,
}

impl Gateway {
    pub(super) fn new(settings: GatewaySettings, ambient: Ambient) -> Result<Self, SettingsError> {
        settings.check()?;
        Ok(Self { http: Http::new(&settings.net())?, settings, ambient, kept: Kept::nothing() })
    }

    pub(super) fn client_id(&self) -> &str {
        &self.settings.client_id
    }

    /// What the gateway says of itself.
    async fn provider(&self) -> Result<Arc<Provider>, EsiaError> {
        self.kept.or_discover(&self.settings, &self.http, &self.ambient).await
    }

    pub(super) async fn start(&self) -> Result<Started, EsiaError> {
        let provider = self.provider().await?;
        let verifier = Secret::new(self.ambient.random());
        let nonce = Secret::new(self.ambient.random());
        let attempt = Attempt::new(self.ambient.uuid(), self.ambient.now(), Some(verifier.clone()))
            .with_nonce(nonce.clone());
        let state = attempt.state().to_string();
        let (url, _, _) = provider
            .client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                move || Nonce::new(nonce.to_text()),
            )
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(verifier.challenge())
            .url();
        Ok(Started { url, attempt })
    }

    pub(super) async fn finish(
        &self,
        attempt: &Attempt,
        callback: &Callback,
        code: &str,
    ) -> Result<EsiaPerson, EsiaError> {
        // An attempt of the other way cannot be finished by this one.
        let (Some(verifier), Some(nonce)) = (attempt.verifier(), attempt.nonce()) else {
            return Err(EsiaError::AttemptMalformed);
        };
        if callback.issuer().is_some_and(|issuer| issuer != self.settings.issuer) {
            return Err(EsiaError::Gateway(GatewayError::IssuerForeign));
        }
        let provider = self.provider().await?;
        let finished = self.finish_with(Arc::clone(&provider), verifier, nonce, code).await;
        if finished.as_ref().is_err_and(speaks_of_description) {
            self.kept.doubt(&provider);
        }
        finished
    }

    async fn finish_with(
        &self,
        provider: Arc<Provider>,
        verifier: &Secret,
        nonce: &Secret,
        code: &str,
    ) -> Result<EsiaPerson, EsiaError> {
        let tokens = self.exchange(&provider, verifier, code).await?;
        let nonce = Nonce::new(nonce.to_text());
        let answered = Answered { provider, tokens };
        match self.judge(&answered, &nonce).await {
            // The gateway may have changed its keys since they were read, and given the new one the
            // name of the old.
            Err(EsiaError::Token {
                error: TokenError::KeyUnknown | TokenError::SignatureRefused,
                ..
            }) => {
                self.kept.doubt(&answered.provider);
                let provider = self.provider().await?;
                self.judge(&Answered { provider, ..answered }, &nonce).await
            }
            judged => judged,
        }
    }

    async fn exchange(
        &self,
        provider: &Provider,
        verifier: &Secret,
        code: &str,
    ) -> Result<TokenAnswer, EsiaError> {
        let wire = Wire::new(&self.http, &[Call::Token]);
        let request = provider
            .client
            .exchange_code(AuthorizationCode::new(code.into()))
            .map_err(|_| EsiaError::Gateway(GatewayError::Endpoint { field: "token_endpoint" }))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_text()));
        request.request_async(&wire).await.map_err(refusal)
    }

    /// Verifies the id_token and asks for the person whom it names.
    async fn judge(&self, answered: &Answered, nonce: &Nonce) -> Result<EsiaPerson, EsiaError> {
        let Answered { provider, tokens } = answered;
        let token = tokens.id_token().ok_or(EsiaError::IdTokenMissing)?;
        let at = Moment { now: self.ambient.now(), skew: self.settings.limits().clock_skew() };
        let claims = id_token::verify(
            token,
            provider.client.id_token_verifier(),
            self.settings.id_token_algorithm.name(),
            nonce,
            tokens.access_token(),
            at,
        )
        .map_err(|error| EsiaError::Token { token: Token::Id, error })?;
        let userinfo = self.userinfo(provider, tokens, claims.subject()).await?;
        let said = Said::new(object(serde_json::to_value(claims)), userinfo);
        person::person(&self.settings, &said)
    }

    /// What the userinfo endpoint says, if there is one.
    async fn userinfo(
        &self,
        provider: &Provider,
        tokens: &TokenAnswer,
        subject: &SubjectIdentifier,
    ) -> Result<Map<String, Value>, EsiaError> {
        let access = tokens.access_token();
        if provider.client.user_info_url().is_none() {
            return Ok(Map::new());
        }
        let failed = |error| EsiaError::Call { call: Call::UserInfo, error };
        // It goes into a header, where the crate takes for granted that it can.
        if !access.secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(EsiaError::Token { token: Token::Access, error: TokenError::Malformed });
        }
        let wire = Wire::new(&self.http, &[Call::UserInfo]);
        let request = provider
            .client
            .user_info(access.clone(), Some(subject.clone()))
            .map_err(|_| failed(CallError::Malformed))?;
        let answer: Result<UserInfoClaims<OwnClaims, CoreGenderClaim>, _> =
            request.request_async(&wire).await;
        match answer {
            Ok(claims) => Ok(object(serde_json::to_value(claims))),
            Err(UserInfoError::Request(Failed { call, error })) => {
                Err(EsiaError::Call { call, error })
            }
            Err(UserInfoError::ClaimsVerification(_)) => Err(EsiaError::PersonForeign),
            Err(_) => Err(failed(CallError::Malformed)),
        }
    }

    /// Where the gateway signs people out; none if it does not.
    pub(super) async fn logout_url(&self, back: &Url) -> Result<Option<Url>, EsiaError> {
        let provider = self.provider().await?;
        Ok(provider.end_session().map(|url| {
            LogoutRequest::from(url.clone())
                .set_client_id(openidconnect::ClientId::new(self.settings.client_id.clone()))
                .set_post_logout_redirect_uri(PostLogoutRedirectUrl::from_url(back.clone()))
                .http_get_url()
        }))
    }
}

/// Whether a failure may come of a description or keys that are no longer true, so that the next
/// sign-in has to ask anew. What anybody can bring about by a made-up code is none of these.
const fn speaks_of_description(error: &EsiaError) -> bool {
    use {CallError as Call, TokenError as Token};
    matches!(
        error,
        EsiaError::Token {
            error: Token::KeyUnknown | Token::SignatureRefused | Token::IssuerForeign,
            ..
        } | EsiaError::Call {
            error: Call::Unreachable | Call::Redirected | Call::UnexpectedStatus { status: 404 },
            ..
        }
    )
}

fn object(value: Result<Value, serde_json::Error>) -> Map<String, Value> {
    match value {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

/// What was wrong with the exchange. The answer itself, which may hold tokens, is dropped.
fn refusal(
    error: RequestTokenError<Failed, StandardErrorResponse<CoreErrorResponseType>>,
) -> EsiaError {
    match error {
        RequestTokenError::ServerResponse(response) => {
            // A gateway may hand on what ЕСИА told it.
            let description = response.error_description().map(String::as_str);
            match description.and_then(EsiaCode::parse) {
                Some(code) => EsiaError::refused(Some(code)),
                None => EsiaError::GatewayRefused { error: word(response.error()) },
            }
        }
        RequestTokenError::Request(Failed { call, error }) => EsiaError::Call { call, error },
        RequestTokenError::Parse(_, body) => {
            let answer: Option<Value> = serde_json::from_slice(&body).ok();
            let token = answer.as_ref().and_then(|answer| answer.get("id_token")?.as_str());
            let whole = answer
                .as_ref()
                .is_some_and(|answer| answer.get("access_token").is_some_and(Value::is_string));
            match token {
                Some(token) if whole => {
                    EsiaError::Token { token: Token::Id, error: id_token::unreadable(token) }
                }
                _ => EsiaError::Call { call: Call::Token, error: CallError::Malformed },
            }
        }
        RequestTokenError::Other(_) => {
            EsiaError::Call { call: Call::Token, error: CallError::Malformed }
        }
    }
}

/// The word of the standard, which is all that is told of a refusal.
fn word(error: &CoreErrorResponseType) -> &'static str {
    match error {
        CoreErrorResponseType::InvalidClient => "invalid_client",
        CoreErrorResponseType::InvalidGrant => "invalid_grant",
        CoreErrorResponseType::InvalidRequest => "invalid_request",
        CoreErrorResponseType::InvalidScope => "invalid_scope",
        CoreErrorResponseType::UnauthorizedClient => "unauthorized_client",
        CoreErrorResponseType::UnsupportedGrantType => "unsupported_grant_type",
        CoreErrorResponseType::Extension(_) => "other",
    }
}
