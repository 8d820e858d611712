//! The time, as ЕСИА goes by it.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

use crate::ambient::Ambient;

/// `Date` has whole seconds, and the answer that brings it has travelled.
const EXACT: TimeDelta = TimeDelta::seconds(5);

/// A clock that is further off than this is no matter for a correction.
const MOST: TimeDelta = TimeDelta::hours(1);

/// The machine's clock, corrected if the settings say so.
pub(super) struct Clock {
    ambient: Ambient,
    corrects: bool,
    offset_seconds: AtomicI64,
}

impl Clock {
    pub(super) const fn new(ambient: Ambient, corrects: bool) -> Self {
        Self { ambient, corrects, offset_seconds: AtomicI64::new(0) }
    }

    pub(super) const fn corrects(&self) -> bool {
        self.corrects
    }

    /// What time it is.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.corrected(self.ambient.now())
    }

    /// What time it was when the machine's clock showed this.
    pub(super) fn corrected(&self, instant: DateTime<Utc>) -> DateTime<Utc> {
        let offset = TimeDelta::seconds(self.offset_seconds.load(Ordering::Relaxed));
        instant.checked_add_signed(offset).unwrap_or(instant)
    }

    /// Learns from the `Date` of an answer that has just come, as RFC 9110 writes it.
    pub(super) fn learn(&self, date: &str) {
        if !self.corrects {
            return;
        }
        let Ok(date) = DateTime::parse_from_rfc2822(date) else { return };
        let apart = date.with_timezone(&Utc).signed_duration_since(self.ambient.now());
        let offset = if apart.abs() > MOST {
            tracing::error!(
                seconds = apart.num_seconds(),
                "the clock of this machine is further from that of ЕСИА than can be corrected; set it"
            );
            return;
        } else if apart.abs() < EXACT {
            TimeDelta::zero()
        } else {
            apart
        };
        let seconds = offset.num_seconds();
        let before = self.offset_seconds.swap(seconds, Ordering::Relaxed);
        // Not for every second by which two answers differ.
        if before.abs_diff(seconds) >= EXACT.num_seconds().unsigned_abs() {
            tracing::warn!(seconds, "the clock of this machine is corrected by that of ЕСИА");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn clock(corrects: bool) -> Clock {
        let now = at("2026-01-15T09:00:00Z");
        Clock::new(Ambient::system().with_clock(Arc::new(move || now)), corrects)
    }

    #[test]
    fn a_clock_is_corrected_by_an_hour_at_most_and_not_by_seconds() {
        for (date, expected) in [
            ("Thu, 15 Jan 2026 09:07:00 GMT", "2026-01-15T09:07:00Z"),
            ("Thu, 15 Jan 2026 08:53:00 GMT", "2026-01-15T08:53:00Z"),
            ("Thu, 15 Jan 2026 10:00:00 GMT", "2026-01-15T10:00:00Z"),
            ("Thu, 15 Jan 2026 10:00:01 GMT", "2026-01-15T09:00:00Z"),
            ("Thu, 15 Jan 2026 07:59:59 GMT", "2026-01-15T09:00:00Z"),
            ("Thu, 15 Jan 2026 09:00:04 GMT", "2026-01-15T09:00:00Z"),
            ("Thu, 15 Jan 2026 09:00:05 GMT", "2026-01-15T09:00:05Z"),
            ("Thu, 01 Jan 1970 00:00:00 GMT", "2026-01-15T09:00:00Z"),
            ("tomorrow", "2026-01-15T09:00:00Z"),
            ("", "2026-01-15T09:00:00Z"),
        ] {
            let clock = clock(true);
            clock.learn(date);
            assert_eq!(clock.now(), at(expected), "{date}");
        }
    }

    #[test]
    fn a_clock_that_is_right_again_is_taken_as_it_is() {
        let clock = clock(true);
        clock.learn("Thu, 15 Jan 2026 09:07:00 GMT");
        clock.learn("Thu, 15 Jan 2026 09:00:01 GMT");
        assert_eq!(clock.now(), at("2026-01-15T09:00:00Z"));
    }

    #[test]
    fn nobody_is_corrected_unasked() {
        let clock = clock(false);
        clock.learn("Thu, 15 Jan 2026 09:07:00 GMT");
        assert_eq!(clock.now(), at("2026-01-15T09:00:00Z"));
    }
}
