//! The sign-in from the first redirect to the person.

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use eschool_core::{error::CodedError as _, signin::EsiaPerson};
use tokio::{sync::Semaphore, time::timeout};
use url::Url;

use self::refused::log;
use super::{
    Attempt, Callback, EsiaError, EsiaSettings, GatewaySettings, RefreshFailed, RefreshToken,
    SettingsError, SignedIn, Started, direct::Direct, gateway::Gateway, limits::Limits,
};
use crate::{
    ambient::Ambient,
    signer::{Signer, SignerError},
};

mod refused;

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
    way: Way,
    limits: Limits,
    ambient: Ambient,
    under_way: Semaphore,
}

/// By which way people are signed in.
enum Way {
    Direct(Box<Direct>),
    Gateway(Box<Gateway>),
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
        let limits = settings.limits();
        let direct = Direct::new(settings, signer, ambient.clone())?;
        Ok(Self::by(Way::Direct(Box::new(direct)), limits, ambient))
    }

    /// The client of a gateway, which speaks standard OpenID Connect. It is asked to describe itself
    /// at the first sign-in, not here.
    ///
    /// ```
    /// use eschool_esia::{
    ///     ambient::Ambient,
    ///     client::{ClientSecret, EsiaClient, GatewaySettings},
    /// };
    ///
    /// let settings = GatewaySettings::new(
    ///     "https://gateway.example.ru",
    ///     "diary",
    ///     ClientSecret::new("from the gateway's office"),
    ///     "https://school.example.ru/esia".parse()?,
    /// );
    /// let client = EsiaClient::gateway(settings, Ambient::system())?;
    /// assert_eq!(client.token_keys_end(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SettingsError`] for settings under which no sign-in could work or be safe.
    pub fn gateway(settings: GatewaySettings, ambient: Ambient) -> Result<Self, SettingsError> {
        let limits = settings.limits();
        let gateway = Gateway::new(settings, ambient.clone())?;
        Ok(Self::by(Way::Gateway(Box::new(gateway)), limits, ambient))
    }

    fn by(way: Way, limits: Limits, ambient: Ambient) -> Self {
        Self { way, limits, ambient, under_way: Semaphore::new(limits.max_under_way.into()) }
    }

    /// When the last configured key for tokens ends, and sign-in with it; none if one has no end,
    /// and at a gateway, which publishes its keys. Where RSA and ГОСТ keys are configured, the end of
    /// those that end first; a kind whose keys all ended more than thirty days ago is no longer used,
    /// and left out while the other is. For a page that tells the operator in time.
    #[must_use]
    pub fn token_keys_end(&self) -> Option<DateTime<Utc>> {
        match &self.way {
            Way::Direct(direct) => direct.token_keys_end(),
            Way::Gateway(_) => None,
        }
    }

    /// Begins a sign-in: signs the request and says where to send the browser.
    ///
    /// # Errors
    /// [`EsiaError::Signer`], also for a signer that does not answer in time, and
    /// [`EsiaError::Busy`]; at a gateway what [`EsiaError::Gateway`] and [`EsiaError::Call`] say of
    /// its discovery.
    pub async fn start(&self) -> Result<Started, EsiaError> {
        let late = match &self.way {
            Way::Direct(_) => EsiaError::Signer(SignerError::TimedOut),
            Way::Gateway(_) => EsiaError::DeadlineExceeded,
        };
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
    /// Children that cannot be had are absent, whatever the reason; the log tells it. Nobody is known
    /// by them, so an empty list never means that somebody has none.
    ///
    /// # Errors
    /// [`EsiaError`]; the attempt is then over, and the person begins anew.
    pub async fn finish(
        &self,
        attempt: &Attempt,
        callback: &Callback,
    ) -> Result<EsiaPerson, EsiaError> {
        Ok(self.finish_offline(attempt, callback).await?.person)
    }

    /// The same as [`finish`](Self::finish), with the refresh token that ЕСИА gives where
    /// [`AccessType::Offline`](super::AccessType::Offline) is set.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub async fn finish_offline(
        &self,
        attempt: &Attempt,
        callback: &Callback,
    ) -> Result<SignedIn, EsiaError> {
        if let Way::Direct(direct) = &self.way {
            direct.remind();
        }
        let finished = match self.answer(attempt, callback) {
            Ok(code) => {
                let work = self.finish_at_leisure(attempt, callback, code);
                self.bounded(work, EsiaError::DeadlineExceeded).await
            }
            Err(error) => {
                // Side by side, so that both take no longer than a sign-in may.
                tokio::join!(self.explain(attempt, &error), self.learn_from(&error));
                Err(error)
            }
        };
        log(finished.as_ref().err());
        finished
    }

    /// Asks for a person's data again, without the person, by a token that a sign-in or an earlier
    /// refresh gave. It is good once where ЕСИА gives the next one with the answer, so that one is
    /// to be kept at once; after a failure too ([`RefreshFailed::next`]).
    ///
    /// The answer must hold both tokens, as after a sign-in, and they must be of the token's person
    /// ([`EsiaError::PersonForeign`]).
    ///
    /// # Errors
    /// [`RefreshFailed`] with the [`EsiaError`]; [`EsiaError::RefreshUnsupported`] at a gateway, which
    /// is not asked for such tokens. [`EsiaError::Refused`] with ESIA-007011 says that the token is used
    /// up or revoked: the person has to sign in.
    pub async fn refresh(&self, token: &RefreshToken) -> Result<SignedIn, RefreshFailed> {
        let mut next = None;
        let refreshed = match &self.way {
            Way::Direct(direct) => {
                direct.remind();
                let work = direct.refreshed(token, &mut next);
                self.bounded(work, EsiaError::DeadlineExceeded).await
            }
            Way::Gateway(_) => Err(EsiaError::RefreshUnsupported),
        };
        log(refreshed.as_ref().err());
        refreshed.map_err(|error| RefreshFailed { error, next })
    }

    /// Where to send the browser to sign out of ЕСИА, which sends it back here: else the next
    /// sign-in on the same machine would be the same person's, unasked.
    ///
    /// At a gateway this is its `end_session_endpoint`, for which it may have to be asked; the address
    /// to come back to has to be known there as one. None where the gateway has no such endpoint or
    /// does not answer: whoever leaves a machine that others use has to be told to sign out there.
    pub async fn logout_url(&self, back: &Url) -> Option<Url> {
        let asked = match &self.way {
            Way::Direct(direct) => return Some(direct.logout_url(back)),
            Way::Gateway(gateway) => {
                self.bounded(gateway.logout_url(back), EsiaError::DeadlineExceeded).await
            }
        };
        if let Err(error) = &asked {
            tracing::warn!(code = error.code(), %error, "where to sign out is not known");
        }
        asked.ok().flatten()
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
        timeout(self.limits.deadline(), work).await.unwrap_or(Err(late))
    }

    async fn start_at_leisure(&self) -> Result<Started, EsiaError> {
        match &self.way {
            Way::Direct(direct) => direct.start().await,
            Way::Gateway(gateway) => gateway.start().await,
        }
    }

    /// The code, if the callback answers the attempt in time and brings one.
    fn answer<'a>(&self, attempt: &Attempt, callback: &'a Callback) -> Result<&'a str, EsiaError> {
        let lifetime = self.limits.attempt_lifetime();
        let skew = self.limits.clock_skew();
        attempt.admits(callback.state(), self.ambient.now(), lifetime, skew)?;
        callback.code()
    }

    async fn finish_at_leisure(
        &self,
        attempt: &Attempt,
        callback: &Callback,
        code: &str,
    ) -> Result<SignedIn, EsiaError> {
        match &self.way {
            Way::Direct(direct) => direct.finish(attempt, code).await,
            Way::Gateway(gateway) => {
                let person = gateway.finish(attempt, callback, code).await?;
                Ok(SignedIn { person, refresh_token: None })
            }
        }
    }
}

impl fmt::Debug for EsiaClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client_id = match &self.way {
            Way::Direct(direct) => direct.client_id(),
            Way::Gateway(gateway) => gateway.client_id(),
        };
        f.debug_struct("EsiaClient").field("client_id", &client_id).finish_non_exhaustive()
    }
}
