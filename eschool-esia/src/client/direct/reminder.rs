//! When the log tells of something that ends.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// How long before an end the log begins to tell of it.
const NOTICE: TimeDelta = TimeDelta::days(30);

/// Remembers the day of the last reminder: once a day is enough for whoever reads the log.
pub(super) struct Reminder(AtomicI64);

impl Reminder {
    pub(super) const fn new() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }

    /// The end, if it is near or past and today has had no reminder of it yet.
    pub(super) fn due(
        &self,
        end: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let end = end.filter(|end| end.signed_duration_since(now) < NOTICE)?;
        let today = now.timestamp().div_euclid(24 * 60 * 60);
        (self.0.swap(today, Ordering::Relaxed) != today).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_due_from_thirty_days_before_it() {
        let now = "2026-01-15T09:00:00Z".parse().unwrap();
        for (end, due) in [
            (now + TimeDelta::days(30), false),
            (now + TimeDelta::seconds(30 * 24 * 60 * 60 - 1), true),
            (now, true),
            (now - TimeDelta::days(400), true),
            (DateTime::<Utc>::MIN_UTC, true),
            (DateTime::<Utc>::MAX_UTC, false),
        ] {
            assert_eq!(Reminder::new().due(Some(end), now), due.then_some(end), "{end}");
        }
        assert_eq!(Reminder::new().due(None, now), None);
    }

    #[test]
    fn a_day_has_one_reminder() {
        let reminder = Reminder::new();
        let end = "2026-01-20T00:00:00Z".parse().unwrap();
        for (now, due) in [
            ("2026-01-15T09:00:00Z", true),
            ("2026-01-15T23:59:59Z", false),
            ("2026-01-16T00:00:00Z", true),
            ("2026-01-16T12:00:00Z", false),
            ("2026-02-01T12:00:00Z", true),
        ] {
            let told = reminder.due(Some(end), now.parse().unwrap());
            assert_eq!(told.is_some(), due, "{now}");
        }
    }
}
