//! What a gateway said of itself: discovered at the first sign-in, kept for an hour, and discovered
//! anew when something does not fit.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::error::CodedError as _;
use tokio::{sync::Mutex, time::Instant};

use super::{GatewaySettings, provider::Provider};
use crate::{
    ambient::Ambient,
    client::{EsiaError, http::Http},
};

/// How long a description with its keys is taken for true.
const AGE: TimeDelta = TimeDelta::hours(1);

/// When a gateway that failed to describe itself anew is asked again.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

/// How long a gateway may fail to describe itself anew before what it said is given up: its keys may
/// have been withdrawn meanwhile.
const PATIENCE: TimeDelta = TimeDelta::days(1);

/// When a gateway of which nothing is known is asked again after it failed: whoever comes until then
/// need not wait for the same failure.
const REST: TimeDelta = TimeDelta::seconds(5);

/// The description, kept.
pub(super) struct Kept {
    description: RwLock<Option<Description>>,
    /// Why the gateway could not describe itself, and when that was known.
    failed: RwLock<Option<(DateTime<Utc>, EsiaError)>>,
    /// Held by whoever is discovering: the others wait for what it finds.
    discovering: Mutex<()>,
}

#[derive(Clone)]
struct Description {
    provider: Arc<Provider>,
    /// Since when its answer counts, or counts again, and how long; none once it proved wrong.
    counts: Option<(DateTime<Utc>, TimeDelta)>,
    /// Since when it has failed to describe itself anew.
    failing: Option<DateTime<Utc>>,
}

impl Description {
    /// A clock that was put back ends it too.
    fn counts(&self, now: DateTime<Utc>) -> bool {
        self.counts.is_some_and(|(asked, long)| is_within(long, asked, now))
    }

    /// Whether it does while somebody else asks the gateway: it is merely old, and may be so.
    fn is_merely_old(&self, now: DateTime<Utc>) -> bool {
        self.counts
            .is_some_and(|(asked, _)| is_within(PATIENCE, self.failing.unwrap_or(asked), now))
    }
}

/// Whether it is less than this long after an instant, and not before it.
fn is_within(long: TimeDelta, from: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (TimeDelta::zero()..long).contains(&now.signed_duration_since(from))
}

impl Kept {
    pub(super) const fn nothing() -> Self {
        Self {
            description: RwLock::new(None),
            failed: RwLock::new(None),
            discovering: Mutex::const_new(()),
        }
    }

    fn now(&self) -> Option<Description> {
        self.description.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, description: Option<Description>) {
        *self.description.write().unwrap_or_else(PoisonError::into_inner) = description;
    }

    /// The failure, while it is fresh.
    fn failure(&self, now: DateTime<Utc>) -> Option<EsiaError> {
        let failed = self.failed.read().unwrap_or_else(PoisonError::into_inner).clone();
        failed.filter(|(asked, _)| is_within(REST, *asked, now)).map(|(_, error)| error)
    }

    fn remember(&self, failed: Option<(DateTime<Utc>, EsiaError)>) {
        *self.failed.write().unwrap_or_else(PoisonError::into_inner) = failed;
    }

    /// Has the gateway asked anew after its description proved wrong, unless it was asked meanwhile.
    pub(super) fn doubt(&self, wrong: &Arc<Provider>) {
        let mut kept = self.description.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_mut().filter(|kept| Arc::ptr_eq(&kept.provider, wrong)) {
            kept.counts = None;
        }
    }

    /// What is kept, or else what the gateway says now; where it does not answer as it should, what
    /// it said before, for a day at most. Whoever comes while another asks waits for the answer only
    /// where nothing is known, or what is known proved wrong.
    pub(super) async fn or_discover(
        &self,
        settings: &GatewaySettings,
        http: &Http,
        ambient: &Ambient,
    ) -> Result<Arc<Provider>, EsiaError> {
        let now = ambient.now();
        if let Some(known) = self.known(now) {
            return known;
        }
        let _discovering = match self.discovering.try_lock() {
            Ok(discovering) => discovering,
            Err(_) => match self.now().filter(|old| old.is_merely_old(now)) {
                Some(old) => return Ok(old.provider),
                None => self.discovering.lock().await,
            },
        };
        if let Some(known) = self.known(ambient.now()) {
            return known;
        }
        let asking = Asking::begin(self, settings, ambient);
        let found = Provider::discover(settings, http).await;
        asking.end();
        // Not the instant at which it was asked: a gateway may take longer to fail than its failure is
        // remembered.
        let now = ambient.now();
        match found {
            Ok(provider) => Ok(self.found(Arc::new(provider), now)),
            Err(error) => self.go_on_without(error, now),
        }
    }

    fn found(&self, provider: Arc<Provider>, now: DateTime<Utc>) -> Arc<Provider> {
        let (found, counts) = (Arc::clone(&provider), Some((now, AGE)));
        self.keep(Some(Description { provider, counts, failing: None }));
        self.remember(None);
        found
    }

    /// What the gateway said before, if that was not too long ago, in the place of what it does not
    /// say now.
    fn go_on_without(
        &self,
        error: EsiaError,
        now: DateTime<Utc>,
    ) -> Result<Arc<Provider>, EsiaError> {
        let Some(old) = self.now() else {
            self.remember(Some((now, error.clone())));
            return Err(error);
        };
        let failing = old.failing.unwrap_or(now);
        let code = error.code();
        if now.signed_duration_since(failing) < PATIENCE {
            tracing::warn!(code, %error, "the gateway does not describe itself anew");
            let (provider, counts) = (Arc::clone(&old.provider), Some((now, PAUSE)));
            self.keep(Some(Description { provider, counts, failing: Some(failing) }));
            return Ok(old.provider);
        }
        tracing::warn!(code, %error, "what the gateway said of itself a day ago is given up");
        self.keep(None);
        self.remember(Some((now, error.clone())));
        Err(error)
    }

    /// What need not be asked for now.
    fn known(&self, now: DateTime<Utc>) -> Option<Result<Arc<Provider>, EsiaError>> {
        match self.now() {
            Some(kept) => kept.counts(now).then_some(Ok(kept.provider)),
            None => self.failure(now).map(Err),
        }
    }
}

/// The gateway is being asked. Where the time of whoever asks ends before the answer comes, that is a
/// failure too: the next one need not wait as long for the same.
struct Asking<'a> {
    kept: &'a Kept,
    ambient: &'a Ambient,
    begun: Instant,
    /// From when a gateway is slow. A browser that goes away sooner says nothing of the gateway.
    long: Duration,
    ended: bool,
}

impl<'a> Asking<'a> {
    fn begin(kept: &'a Kept, settings: &GatewaySettings, ambient: &'a Ambient) -> Self {
        let limits = settings.limits();
        let long = limits.timeout().min(limits.deadline()) / 2;
        Self { kept, ambient, begun: Instant::now(), long, ended: false }
    }

    fn end(mut self) {
        self.ended = true;
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        if !self.ended && self.begun.elapsed() >= self.long {
            // Nobody is there to be told any more.
            let _ = self.kept.go_on_without(EsiaError::DeadlineExceeded, self.ambient.now());
        }
    }
}
