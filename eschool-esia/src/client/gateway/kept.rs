//! What a gateway said of itself: discovered at the first sign-in, kept for an hour, and discovered
//! anew when something does not fit.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::error::CodedError as _;
use tokio::sync::Mutex;

use super::{GatewaySettings, provider::Provider};
use crate::client::{EsiaError, http::Http};

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
    /// Why the gateway could not describe itself, and when it was asked.
    failed: RwLock<Option<(DateTime<Utc>, EsiaError)>>,
    /// Held by whoever is discovering: the others wait for what it finds.
    discovering: Mutex<()>,
}

#[derive(Clone)]
struct Description {
    provider: Arc<Provider>,
    /// When the gateway was asked, and how long its answer counts; none once it proved wrong.
    counts: Option<(DateTime<Utc>, TimeDelta)>,
    /// Since when it has failed to describe itself anew.
    failing: Option<DateTime<Utc>>,
}

impl Description {
    /// A clock that was put back ends it too.
    fn counts(&self, now: DateTime<Utc>) -> bool {
        self.counts.is_some_and(|(asked, long)| is_within(long, asked, now))
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
    /// it said before, for a day at most.
    pub(super) async fn or_discover(
        &self,
        settings: &GatewaySettings,
        http: &Http,
        now: DateTime<Utc>,
    ) -> Result<Arc<Provider>, EsiaError> {
        if let Some(known) = self.known(now) {
            return known;
        }
        let _discovering = self.discovering.lock().await;
        if let Some(known) = self.known(now) {
            return known;
        }
        let error = match Provider::discover(settings, http).await {
            Ok(found) => {
                let provider = Arc::new(found);
                let counts = Some((now, AGE));
                let description = Description { provider, counts, failing: None };
                self.keep(Some(description.clone()));
                self.remember(None);
                return Ok(description.provider);
            }
            Err(error) => error,
        };
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
