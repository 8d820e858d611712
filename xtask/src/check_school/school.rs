//! A school in a store whose clock is set by hand.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use eschool_store::{
    Store,
    backend::{Backend, Registry},
    exchange::ImportReport,
};

/// A clock that is set by hand.
#[derive(Clone)]
pub(crate) struct Clock(Arc<Mutex<DateTime<Utc>>>);

impl Clock {
    /// A clock that shows noon of this day.
    pub(crate) fn at(day: NaiveDate) -> Self {
        let clock = Self(Arc::new(Mutex::new(DateTime::UNIX_EPOCH)));
        clock.set(day);
        clock
    }

    /// Noon in Moscow, which is daytime in every zone of Russia.
    pub(super) fn set(&self, day: NaiveDate) {
        let noon = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = day.and_time(noon).and_utc();
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A school in a store, under each preset.
pub(super) struct School {
    pub(super) clock: Clock,
    pub(super) store: Store<Arc<dyn Backend>>,
    pub(super) policy: &'static str,
    pub(super) report: ImportReport,
    pub(super) registry: Registry,
}
