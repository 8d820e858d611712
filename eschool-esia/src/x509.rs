//! The times of X.509.

use std::time::Duration;

use chrono::{DateTime, Utc};
use der::asn1::{GeneralizedTime, UtcTime};
use x509_cert::time::Time;

/// The instant, to the second; none for one beyond the calendar, which X.509 cannot write.
pub(crate) fn instant(time: Time) -> Option<DateTime<Utc>> {
    let seconds = time.to_unix_duration().as_secs();
    DateTime::from_timestamp(seconds.try_into().ok()?, 0)
}

/// The instant as X.509 and CMS write it: two-digit years as long as they are clear (RFC 5280,
/// 4.1.2.5; RFC 5652, 11.3).
pub(crate) fn time(instant: DateTime<Utc>) -> der::Result<Time> {
    let seconds = u64::try_from(instant.timestamp()).map_err(|_| der::ErrorKind::DateTime)?;
    let date = der::DateTime::from_unix_duration(Duration::from_secs(seconds))?;
    if date.year() <= UtcTime::MAX_YEAR {
        UtcTime::from_date_time(date).map(Time::UtcTime)
    } else {
        Ok(Time::GeneralTime(GeneralizedTime::from_date_time(date)))
    }
}
