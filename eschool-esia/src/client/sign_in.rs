//! The sign-in from the first redirect to the person.

use std::{fmt, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::{error::CodedError as _, signin::EsiaPerson};
use openidconnect::{CsrfToken, Scope};
use serde::de::DeserializeOwned;
use url::Url;

use super::{
    Attempt, Call, CallError, Callback, EsiaError, EsiaSettings, SettingsError, Token,
    claims::{AccessClaims, IdClaims, Oid},
    endpoints::below,
    exchange::{OAuthClient, Tokens, exchange, oauth_client},
    http::Http,
    json::object,
    jwt,
    keys::TokenKeys,
    person::{ContactData, Contacts, PersonData, person},
    request::{SignedParts, timestamp},
};
use crate::{ambient::Ambient, signer::Signer};

/// Signs people in through ЕСИА. One serves a whole program; it keeps nothing of the attempts.
///
/// ```no_run
/// use std::sync::Arc;
///
/// use eschool_core::signin::EsiaPerson;
/// use eschool_esia::{
///     ambient::Ambient,
///     client::{Attempt, Callback, EsiaClient, EsiaError, EsiaSettings},
///     signer::Signer,
/// };
///
/// # async fn run(
/// #     settings: EsiaSettings,
/// #     signer: Arc<dyn Signer>,
/// #     cookie: &str,
/// #     query: &str,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// let client = EsiaClient::new(settings, signer, Ambient::system())?;
///
/// // «Войти через Госуслуги»: keep the attempt in a cookie and send the browser to the address.
/// let started = client.start().await?;
/// let (location, kept) = (started.url, started.attempt.to_text());
///
/// // The browser is back at the redirect URI with a query and the cookie.
/// let callback = Callback::parse(query)?;
/// let person: EsiaPerson = client.finish(&Attempt::parse(cookie)?, &callback).await?;
/// # Ok(())
/// # }
/// ```
pub struct EsiaClient {
    settings: EsiaSettings,
    keys: TokenKeys,
    http: Http,
    oauth: OAuthClient,
    signer: Arc<dyn Signer>,
    ambient: Ambient,
}

/// A sign-in that has begun.
///
/// ```
/// use eschool_esia::client::{Attempt, Started};
///
/// let started = Started {
///     url: "https://esia.gosuslugi.ru/aas/oauth2/v2/ac?client_id=PORTAL62".parse()?,
///     attempt: Attempt::parse("0f8fad5b-d9cb-469f-a165-70867728950e.1725181200")?,
/// };
/// assert!(!format!("{started:?}").contains("0f8fad5b"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Started {
    /// Where to send the browser.
    pub url: Url,
    /// What to keep in it meanwhile.
    pub attempt: Attempt,
}

impl fmt::Debug for Started {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Started").field("attempt", &self.attempt).finish_non_exhaustive()
    }
}

impl EsiaClient {
    /// How long before the last key for tokens ends the log begins to warn of it.
    const KEYS_NOTICE: TimeDelta = TimeDelta::days(30);

    /// The client of these settings.
    ///
    /// # Errors
    /// [`SettingsError`] for settings under which no sign-in could work or be safe.
    pub fn new(
        settings: EsiaSettings,
        signer: Arc<dyn Signer>,
        ambient: Ambient,
    ) -> Result<Self, SettingsError> {
        settings.check()?;
        let keys = TokenKeys::read(&settings.token_keys)?;
        if let Some(end) = keys.end().filter(|end| *end - Self::KEYS_NOTICE < ambient.now()) {
            tracing::warn!(%end, "the last key for the tokens of ЕСИА ends; configure the new one");
        }
        let http = Http::new(&settings)?;
        let oauth = oauth_client(&settings);
        Ok(Self { settings, keys, http, oauth, signer, ambient })
    }

    /// When the last configured key for tokens ends, and sign-in with it; none if one has no end.
    /// For a page that tells the operator in time.
    #[must_use]
    pub fn token_keys_end(&self) -> Option<DateTime<Utc>> {
        self.keys.end()
    }

    /// Begins a sign-in: signs the request and says where to send the browser.
    ///
    /// # Errors
    /// [`EsiaError::Signer`].
    pub async fn start(&self) -> Result<Started, EsiaError> {
        let now = self.ambient.now();
        let attempt = Attempt::new(self.ambient.uuid(), now);
        let state = attempt.state().to_string();
        let signed = self.signed(&state, None, now).await?;
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let mut request = self
            .oauth
            .authorize_url(|| CsrfToken::new(state))
            .add_scopes(scopes)
            .add_extra_param("access_type", "online");
        for (name, value) in signed {
            request = request.add_extra_param(name, value);
        }
        let (url, _) = request.url();
        Ok(Started { url, attempt })
    }

    /// Finishes a sign-in: exchanges the code, verifies both tokens, fetches the person.
    ///
    /// Both tokens must hold. The id_token says who signed in; the access token, if it is a signed
    /// token – ЕСИА's is – must be of the same person. An access token of another form says
    /// nothing by itself, and then only the data's own number, if they have one, is compared.
    ///
    /// Contacts that the scope does not hold (403) are absent. Any other failure to fetch them ends
    /// the sign-in: matching without a phone that is there could refuse the person wrongly, and
    /// trying again in a minute is better than that.
    ///
    /// # Errors
    /// [`EsiaError`]; the attempt is then over, and the person begins anew.
    pub async fn finish(
        &self,
        attempt: &Attempt,
        callback: &Callback,
    ) -> Result<EsiaPerson, EsiaError> {
        let finished = tokio::time::timeout(
            self.settings.deadline(),
            self.finish_at_leisure(attempt, callback),
        )
        .await
        .unwrap_or(Err(EsiaError::DeadlineExceeded));
        if let Err(error) = finished.as_ref() {
            let code = error.code();
            if error.is_ordinary() {
                tracing::info!(code, "a sign-in through ЕСИА came to nothing");
            } else {
                tracing::warn!(code, %error, "a sign-in through ЕСИА failed");
            }
        }
        finished
    }

    /// Where to send the browser to sign out of ЕСИА, which sends it back here: else the next
    /// sign-in on the same machine would be the same person's, unasked.
    #[must_use]
    pub fn logout_url(&self, back: &Url) -> Url {
        let mut url = self.settings.endpoints.logout.clone();
        url.query_pairs_mut()
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_url", back.as_str());
        url
    }

    async fn finish_at_leisure(
        &self,
        attempt: &Attempt,
        callback: &Callback,
    ) -> Result<EsiaPerson, EsiaError> {
        let lifetime = self.settings.attempt_lifetime();
        let skew = self.settings.clock_skew();
        attempt.admits(callback.state(), self.ambient.now(), lifetime, skew)?;
        let tokens = self.exchange(callback.code()?).await?;
        let (oid, level) = self.judge(&tokens)?;
        let data: PersonData = self.data(Call::Person, oid, &tokens.access).await?;
        let contacts = self.contacts(oid, &tokens.access).await?;
        person(oid, level.as_deref(), &data, contacts)
    }

    async fn exchange(&self, code: &str) -> Result<Tokens, EsiaError> {
        let state = self.ambient.uuid().to_string();
        let mut extra = self.signed(&state, Some(code), self.ambient.now()).await?;
        extra.push(("scope", self.settings.scope()));
        exchange(&self.http, &self.oauth, code, &state, extra).await
    }

    /// The parameters that a signature brings: itself, when it was made, with which certificate.
    async fn signed(
        &self,
        state: &str,
        code: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Vec<(&'static str, String)>, EsiaError> {
        let timestamp = timestamp(now, self.settings.utc_offset);
        let parts = SignedParts {
            client_id: &self.settings.client_id,
            scope: &self.settings.scope(),
            timestamp: &timestamp,
            state,
            redirect_uri: self.settings.redirect_uri.as_str(),
            code,
        };
        let signature = self.signer.sign(parts.message().as_bytes()).await?;
        Ok(vec![
            ("client_secret", signature.to_base64url()),
            ("timestamp", timestamp),
            ("client_certificate_hash", self.signer.certificate_hash().into()),
        ])
    }

    /// Verifies both tokens: who signed in, and the type of the account.
    fn judge(&self, tokens: &Tokens) -> Result<(Oid, Option<String>), EsiaError> {
        let now = self.ambient.now();
        let of = |token| move |error| EsiaError::Token { token, error };
        let id: IdClaims =
            jwt::open(&tokens.id, Token::Id, &self.keys, now).map_err(of(Token::Id))?;
        let oid = id.judge(&self.settings, now).map_err(of(Token::Id))?;
        if jwt::is_jwt(&tokens.access) {
            let access: AccessClaims = jwt::open(&tokens.access, Token::Access, &self.keys, now)
                .map_err(of(Token::Access))?;
            let owner = access.judge(&self.settings, now).map_err(of(Token::Access))?;
            if owner != oid {
                return Err(EsiaError::TokensDiffer);
            }
        }
        Ok((oid, id.level().map(String::from)))
    }

    async fn contacts(&self, oid: Oid, access_token: &str) -> Result<Contacts, EsiaError> {
        if !self.settings.asks_for_contacts() {
            return Ok(Contacts::default());
        }
        match self.data::<ContactData>(Call::Contacts, oid, access_token).await {
            Ok(data) => Ok(data.verified()),
            Err(EsiaError::Call { error: CallError::Forbidden, .. }) => Ok(Contacts::default()),
            Err(error) => Err(error),
        }
    }

    /// Fetches data of a person; a connection that fails is tried again, since asking changes
    /// nothing.
    async fn data<T: DeserializeOwned>(
        &self,
        call: Call,
        oid: Oid,
        access_token: &str,
    ) -> Result<T, EsiaError> {
        let number = oid.0.to_string();
        let mut url = below(&self.settings.endpoints.data, &["prns", &number]);
        if call == Call::Contacts {
            url = below(&url, &["ctts"]);
            url.set_query(Some("embed=(elements)"));
        }
        let mut left = self.settings.data_retries;
        loop {
            match self.fetch(url.clone(), access_token).await {
                Err(error) if error.is_transient() && left > 0 => left -= 1,
                fetched => return fetched.map_err(|error| EsiaError::Call { call, error }),
            }
        }
    }

    async fn fetch<T: DeserializeOwned>(
        &self,
        url: Url,
        access_token: &str,
    ) -> Result<T, CallError> {
        let answer = self.http.get(url, access_token).await?;
        match answer.status.as_u16() {
            200 if answer.body.trim_ascii().is_empty() => Err(CallError::Empty),
            200 => object(&answer.body).ok_or(CallError::Malformed),
            401 => Err(CallError::Unauthorized),
            403 => Err(CallError::Forbidden),
            status => Err(CallError::UnexpectedStatus { status }),
        }
    }
}

impl fmt::Debug for EsiaClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EsiaClient")
            .field("client_id", &self.settings.client_id)
            .finish_non_exhaustive()
    }
}
