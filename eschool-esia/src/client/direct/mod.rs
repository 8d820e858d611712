//! This system is registered at ЕСИА itself and signs every request.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use eschool_core::signin::EsiaPerson;
use openidconnect::{CsrfToken, Scope};
use tokio::time::Instant;
use url::Url;

use self::{
    claims::{AccessClaims, IdClaims, Moment, Oid},
    clock::Clock,
    exchange::{OAuthClient, Tokens, oauth_client},
    explain::{OnceAMinute, Refusals},
    keys::TokenKeys,
    person::person,
    reminder::Reminder,
    request::{SignedCall, SignedRequest},
};
use super::{
    Attempt, EsiaError, EsiaSettings, Pkce, RefreshToken, SettingsError, SignedIn, Started, Token,
    http::Http, secret::Secret,
};
use crate::{
    ambient::Ambient,
    signer::{RequestSignature, Signer},
};

mod claims;
mod clock;
mod data;
mod exchange;
mod explain;
#[cfg(fuzzing)]
pub mod fuzzing;
mod jwt;
mod keys;
mod person;
mod reminder;
mod request;
mod tokens;

pub use keys::TokenKey;

/// The way to ЕСИА itself.
pub(super) struct Direct {
    settings: EsiaSettings,
    keys: TokenKeys,
    http: Http,
    oauth: OAuthClient,
    signer: Arc<dyn Signer>,
    ambient: Ambient,
    clock: Clock,
    keys_reminder: Reminder,
    certificate_reminder: Reminder,
    refused_tokens: Refusals,
    refused_starts: Refusals,
    clock_asked: OnceAMinute,
}

/// A request and its signature.
struct Signed {
    request: SignedRequest,
    signature: RequestSignature,
}

impl Direct {
    pub(super) fn new(
        settings: EsiaSettings,
        signer: Arc<dyn Signer>,
        ambient: Ambient,
    ) -> Result<Self, SettingsError> {
        settings.check()?;
        let keys = TokenKeys::read(&settings.token_keys)?;
        if signer.form() != settings.profile.form() {
            let (profile, form) = (settings.profile, signer.form());
            return Err(SettingsError::SignerForm { profile, form });
        }
        let now = ambient.now();
        if let Some(ended) = keys.ended(now) {
            return Err(SettingsError::TokenKeysEnded { ended });
        }
        let ended = signer.certificate().not_after();
        if ended < now {
            return Err(SettingsError::CertificateEnded { ended });
        }
        let direct = Self {
            http: Http::new(&settings.net())?,
            oauth: oauth_client(&settings),
            keys_reminder: Reminder::new(),
            certificate_reminder: Reminder::new(),
            refused_tokens: Refusals::new(),
            refused_starts: Refusals::new(),
            clock_asked: OnceAMinute::new(),
            clock: Clock::new(ambient.clone(), settings.correct_clock),
            settings,
            keys,
            signer,
            ambient,
        };
        direct.remind();
        Ok(direct)
    }

    pub(super) fn client_id(&self) -> &str {
        &self.settings.client_id
    }

    /// When the last configured key for tokens ends, of the algorithm whose keys end first.
    pub(super) fn token_keys_end(&self) -> Option<DateTime<Utc>> {
        self.keys.end(self.ambient.now())
    }

    /// Tells the log of what ends soon.
    pub(super) fn remind(&self) {
        let now = self.ambient.now();
        if let Some(end) = self.keys_reminder.due(self.keys.end(now), now) {
            tracing::warn!(%end, "the last key for the tokens of ЕСИА ends; configure the new one");
        }
        let end = self.signer.certificate().not_after();
        if let Some(end) = self.certificate_reminder.due(Some(end), now) {
            tracing::warn!(%end, "the certificate for requests to ЕСИА ends; get the new one");
        }
    }

    pub(super) async fn start(&self) -> Result<Started, EsiaError> {
        self.give_up_old_refusals();
        let now = self.ambient.now();
        let verifier = match self.settings.pkce {
            Pkce::Off => None,
            Pkce::S256 | Pkce::Gost3411 => Some(Secret::new(self.ambient.random())),
        };
        let attempt = Attempt::new(self.ambient.uuid(), now, verifier);
        let state = attempt.state().to_string();
        // The attempt's own instant: by it a refusal is explained.
        let signed = self.signed(SignedCall::Authorize, &state, self.clock.corrected(now)).await?;
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let mut request = self
            .oauth
            .authorize_url(|| CsrfToken::new(state))
            .add_scopes(scopes)
            .add_extra_param("access_type", self.settings.access_type.name());
        let challenge = attempt.verifier().and_then(|secret| self.settings.pkce.challenge(secret));
        if let Some((challenge, method)) = challenge {
            request = request
                .add_extra_param("code_challenge", challenge)
                .add_extra_param("code_challenge_method", method);
        }
        if let Some(filter) = self.settings.person_filter {
            request = request.add_extra_param("person_filter", filter.parameter());
        }
        for (name, value) in self.parameters(&signed) {
            request = request.add_extra_param(name, value);
        }
        let (url, _) = request.url();
        Ok(Started { url, attempt })
    }

    pub(super) async fn finish(
        &self,
        attempt: &Attempt,
        code: &str,
    ) -> Result<SignedIn, EsiaError> {
        let end = Instant::now() + self.settings.limits().deadline();
        let tokens = self.exchange(attempt, code).await?;
        let person = self.signed_in(&tokens, attempt.began(), None, end).await?;
        let refresh_token = tokens.refresh.map(|text| RefreshToken::new(person.oid.as_str(), text));
        Ok(SignedIn { person, refresh_token })
    }

    /// `next` gets the token that comes in the place of the old one, before anything else can fail.
    pub(super) async fn refreshed(
        &self,
        token: &RefreshToken,
        next: &mut Option<RefreshToken>,
    ) -> Result<SignedIn, EsiaError> {
        self.give_up_old_refusals();
        let end = Instant::now() + self.settings.limits().deadline();
        let began = self.ambient.now();
        let mut tokens = self.refresh(token).await?;
        *next = tokens.refresh.take().map(|text| RefreshToken::new(token.oid(), text));
        let person = self.signed_in(&tokens, began, Some(token.oid()), end).await;
        if let Err(EsiaError::PersonForeign | EsiaError::TokensDiffer) = person {
            // It is not this person's.
            *next = None;
        }
        let person = person?;
        // Where no new one comes, the old one stays good.
        let refresh_token = Some(next.take().unwrap_or_else(|| token.clone()));
        Ok(SignedIn { person, refresh_token })
    }

    /// Whom the tokens are of; it must be this person, if one is expected. At its end whoever asked
    /// waits no more.
    async fn signed_in(
        &self,
        tokens: &Tokens,
        began: DateTime<Utc>,
        expected: Option<&str>,
        end: Instant,
    ) -> Result<EsiaPerson, EsiaError> {
        let (oid, level) = self.judge(tokens, began)?;
        if expected.is_some_and(|expected| expected != oid.0.to_string()) {
            return Err(EsiaError::PersonForeign);
        }
        let data = self.person(oid, &tokens.access).await?;
        let contacts = self.contacts(oid, &tokens.access).await?;
        let children = self.children(oid, &tokens.access, end).await;
        person(oid, level.as_deref(), &data, contacts, children)
    }

    /// Learns the time where ЕСИА has just refused that of a request (ESIA-007015): the refusal came
    /// through the browser, without a date. Then the next attempt has the right one. Once a minute:
    /// anybody can come back with a made-up refusal.
    pub(super) async fn correct_clock(&self) {
        if self.clock.corrects() && self.clock_asked.is_over(self.ambient.now()) {
            let url = self.settings.endpoints.token.clone();
            self.http.ask_date(url, |date| self.clock.learn(date)).await;
        }
    }

    pub(super) fn logout_url(&self, back: &Url) -> Url {
        let mut url = self.settings.endpoints.logout.clone();
        url.query_pairs_mut()
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_url", back.as_str());
        url
    }

    /// Verifies both tokens: who signed in, and the type of the account.
    fn judge(
        &self,
        tokens: &Tokens,
        began: DateTime<Utc>,
    ) -> Result<(Oid, Option<String>), EsiaError> {
        let now = self.clock.now();
        let at = Moment { now, began: self.clock.corrected(began) };
        let of = |token| move |error| EsiaError::Token { token, error };
        let id: IdClaims =
            jwt::open(&tokens.id, Token::Id, &self.keys, now).map_err(of(Token::Id))?;
        let oid = id.judge(&self.settings, at).map_err(of(Token::Id))?;
        let access: AccessClaims =
            jwt::open(&tokens.access, Token::Access, &self.keys, now).map_err(of(Token::Access))?;
        let owner = access.judge(&self.settings, at).map_err(of(Token::Access))?;
        if owner != oid {
            return Err(EsiaError::TokensDiffer);
        }
        Ok((oid, id.level().map(String::from)))
    }
}
