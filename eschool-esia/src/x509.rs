//! The times of X.509.

use chrono::{DateTime, Utc};
use x509_cert::time::Time;

/// The instant, to the second; none for one beyond the calendar, which X.509 cannot write.
pub(crate) fn instant(time: Time) -> Option<DateTime<Utc>> {
    let seconds = time.to_unix_duration().as_secs();
    DateTime::from_timestamp(seconds.try_into().ok()?, 0)
}
