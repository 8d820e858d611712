//! The sign-in from the first redirect to the person.

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use eschool_core::{error::CodedError as _, signin::EsiaPerson};
use openidconnect::{CsrfToken, Scope};
use tokio::{sync::Semaphore, time::timeout};
use url::Url;

use super::{
    Attempt, Call, Callback, EsiaError, EsiaSettings, Pkce, SettingsError, Token,
    claims::{AccessClaims, IdClaims, Oid},
    exchange::{OAuthClient, Tokens, exchange, oauth_client},
    http::Http,
    jwt,
    keys::TokenKeys,
    person::{PersonData, person},
    pkce::Verifier,
    reminder::Reminder,
    request::{SignedParts, timestamp},
};
use crate::{
    ambient::Ambient,
    signer::{Signer, SignerError},
};

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
    pub(super) settings: EsiaSettings,
    keys: TokenKeys,
    pub(super) http: Http,
    oauth: OAuthClient,
    signer: Arc<dyn Signer>,
    ambient: Ambient,
    under_way: Semaphore,
    keys_reminder: Reminder,
    certificate_reminder: Reminder,
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
    /// How long a sign-in waits for others to end.
    const PATIENCE: Duration = Duration::from_secs(1);

    /// The client of these settings.
    ///
    /// From thirty days before the last key for tokens or the signer's certificate ends, the log
    /// warns of it once a day, as long as people sign in.
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
        let now = ambient.now();
        if let Some(ended) = signer.certificate_not_after().filter(|end| *end < now) {
            return Err(SettingsError::CertificateEnded { ended });
        }
        let client = Self {
            http: Http::new(&settings)?,
            oauth: oauth_client(&settings),
            under_way: Semaphore::new(settings.max_under_way.into()),
            keys_reminder: Reminder::new(),
            certificate_reminder: Reminder::new(),
            settings,
            keys,
            signer,
            ambient,
        };
        client.remind(now);
        Ok(client)
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
    /// [`EsiaError::Signer`], also for a signer that does not answer in time, and
    /// [`EsiaError::Busy`].
    pub async fn start(&self) -> Result<Started, EsiaError> {
        let late = EsiaError::Signer(SignerError::Unavailable);
        let started = self.bounded(self.start_at_leisure(), late).await;
        log(started.as_ref().err());
        started
    }

    /// Finishes a sign-in: exchanges the code, verifies both tokens, fetches the person.
    ///
    /// Both tokens must be signed, hold, and be of the same person.
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
        self.remind(self.ambient.now());
        let finished = match self.answer(attempt, callback) {
            Ok(code) => {
                let work = self.finish_at_leisure(attempt, code);
                self.bounded(work, EsiaError::DeadlineExceeded).await
            }
            Err(error) => Err(error),
        };
        log(finished.as_ref().err());
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

    /// Tells the log of what ends soon.
    fn remind(&self, now: DateTime<Utc>) {
        if let Some(end) = self.keys_reminder.due(self.keys.end(), now) {
            tracing::warn!(%end, "the last key for the tokens of ЕСИА ends; configure the new one");
        }
        let end = self.signer.certificate_not_after();
        if let Some(end) = self.certificate_reminder.due(end, now) {
            tracing::warn!(%end, "the certificate for requests to ЕСИА ends; get the new one");
        }
    }

    /// Does work unless too much is being done, and for no longer than the settings allow.
    async fn bounded<T>(
        &self,
        work: impl Future<Output = Result<T, EsiaError>>,
        late: EsiaError,
    ) -> Result<T, EsiaError> {
        let Ok(Ok(_permit)) = timeout(Self::PATIENCE, self.under_way.acquire()).await else {
            return Err(EsiaError::Busy);
        };
        timeout(self.settings.deadline(), work).await.unwrap_or(Err(late))
    }

    async fn start_at_leisure(&self) -> Result<Started, EsiaError> {
        let now = self.ambient.now();
        let verifier = match self.settings.pkce {
            Pkce::Off => None,
            Pkce::S256 => Some(Verifier::new(self.ambient.random())),
        };
        let attempt = Attempt::new(self.ambient.uuid(), now, verifier);
        let state = attempt.state().to_string();
        let signed = self.signed(&state, None, now).await?;
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let mut request = self
            .oauth
            .authorize_url(|| CsrfToken::new(state))
            .add_scopes(scopes)
            .add_extra_param("access_type", "online");
        if let Some(verifier) = attempt.verifier() {
            request = request.set_pkce_challenge(verifier.challenge());
        }
        for (name, value) in signed {
            request = request.add_extra_param(name, value);
        }
        let (url, _) = request.url();
        Ok(Started { url, attempt })
    }

    /// The code, if the callback answers the attempt in time and brings one.
    fn answer<'a>(&self, attempt: &Attempt, callback: &'a Callback) -> Result<&'a str, EsiaError> {
        let lifetime = self.settings.attempt_lifetime();
        let skew = self.settings.clock_skew();
        attempt.admits(callback.state(), self.ambient.now(), lifetime, skew)?;
        callback.code()
    }

    async fn finish_at_leisure(
        &self,
        attempt: &Attempt,
        code: &str,
    ) -> Result<EsiaPerson, EsiaError> {
        let tokens = self.exchange(attempt, code).await?;
        let (oid, level) = self.judge(&tokens)?;
        let data: PersonData = self.data(Call::Person, oid, &tokens.access).await?;
        let contacts = self.contacts(oid, &tokens.access).await?;
        person(oid, level.as_deref(), &data, contacts)
    }

    /// An attempt that began with a secret of PKCE ends with it, whatever the settings say by then.
    async fn exchange(&self, attempt: &Attempt, code: &str) -> Result<Tokens, EsiaError> {
        let state = self.ambient.uuid().to_string();
        let mut extra = self.signed(&state, Some(code), self.ambient.now()).await?;
        extra.push(("scope", self.settings.scope()));
        extra.extend(attempt.verifier().map(|verifier| ("code_verifier", verifier.to_text())));
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
        let access: AccessClaims =
            jwt::open(&tokens.access, Token::Access, &self.keys, now).map_err(of(Token::Access))?;
        let owner = access.judge(&self.settings, now).map_err(of(Token::Access))?;
        if owner != oid {
            return Err(EsiaError::TokensDiffer);
        }
        Ok((oid, id.level().map(String::from)))
    }
}

/// Tells the log of a failure, by its code alone where the person caused it.
fn log(error: Option<&EsiaError>) {
    let Some(error) = error else { return };
    let code = error.code();
    if error.is_ordinary() {
        tracing::info!(code, "a sign-in through ЕСИА came to nothing");
    } else {
        tracing::warn!(code, %error, "a sign-in through ЕСИА failed");
    }
}

impl fmt::Debug for EsiaClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EsiaClient")
            .field("client_id", &self.settings.client_id)
            .finish_non_exhaustive()
    }
}
