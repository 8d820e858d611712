//! The time, as ЕСИА goes by it.

use std::sync::{Mutex, PoisonError};

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
    offset: Mutex<Offset>,
}

/// By how much the machine's clock is wrong.
#[derive(Clone, Copy)]
struct Offset {
    seconds: i64,
    /// When that was learnt, by the machine's clock.
    since: DateTime<Utc>,
}

impl Clock {
    pub(super) fn new(ambient: Ambient, corrects: bool) -> Self {
        let offset = Mutex::new(Offset { seconds: 0, since: ambient.now() });
        Self { ambient, corrects, offset }
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
        let offset = TimeDelta::seconds(self.offset().seconds);
        instant.checked_add_signed(offset).unwrap_or(instant)
    }

    /// What time a request had that was made when the machine's clock showed this; none where the
    /// offset may have been another then.
    pub(super) fn as_sent(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let same = !self.corrects || self.offset().since < instant;
        same.then(|| self.corrected(instant))
    }

    fn offset(&self) -> Offset {
        *self.offset.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns from the `Date` of an answer that has just come, as RFC 9110 writes it.
    pub(super) fn learn(&self, date: &str) {
        if !self.corrects {
            return;
        }
        let Ok(date) = DateTime::parse_from_rfc2822(date) else { return };
        let now = self.ambient.now();
        let apart = date.with_timezone(&Utc).signed_duration_since(now);
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
        let mut known = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        // Not for every second by which two answers differ.
        if known.seconds.abs_diff(seconds) >= EXACT.num_seconds().unsigned_abs() {
            *known = Offset { seconds, since: now };
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
    fn seconds_between_two_answers_are_no_other_offset() {
        let clock = clock(true);
        clock.learn("Thu, 15 Jan 2026 09:07:00 GMT");
        for (date, expected) in [
            ("Thu, 15 Jan 2026 09:07:04 GMT", "2026-01-15T09:07:00Z"),
            ("Thu, 15 Jan 2026 09:06:56 GMT", "2026-01-15T09:07:00Z"),
            ("Thu, 15 Jan 2026 09:07:05 GMT", "2026-01-15T09:07:05Z"),
        ] {
            clock.learn(date);
            assert_eq!(clock.now(), at(expected), "{date}");
        }
    }

    #[test]
    fn the_time_of_a_request_is_known_only_while_the_offset_is_the_same() {
        for (corrects, date, expected) in [
            (true, "Thu, 15 Jan 2026 09:07:00 GMT", "2026-01-15T09:07:01Z"),
            (true, "Thu, 15 Jan 2026 09:00:01 GMT", "2026-01-15T09:00:01Z"),
            (false, "Thu, 15 Jan 2026 09:07:00 GMT", "2026-01-15T09:00:01Z"),
        ] {
            let clock = clock(corrects);
            clock.learn(date);
            assert_eq!(clock.as_sent(at("2026-01-15T09:00:01Z")), Some(at(expected)), "{date}");
            let before = clock.as_sent(at("2026-01-15T08:59:59Z"));
            assert_eq!(before.is_none(), corrects, "{date}");
        }
    }

    #[test]
    fn nobody_is_corrected_unasked() {
        let clock = clock(false);
        clock.learn("Thu, 15 Jan 2026 09:07:00 GMT");
        assert_eq!(clock.now(), at("2026-01-15T09:00:00Z"));
    }
}
