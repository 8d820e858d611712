//! When failed passwords close the way, and for how long.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How attempts by password are counted: by the login that was typed, existing or not, and by the
/// address they came from.
///
/// ```
/// use eschool_core::policy::SignInPolicy;
///
/// let policy = SignInPolicy::ryazan_2022();
/// let lock_out = policy.rules_on("2024-09-01".parse()?).lock_out;
/// // A whole school sits behind one address.
/// assert!(lock_out.source.free > lock_out.login.free);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LockOut {
    /// Per typed login.
    pub login: LockOutDelays,
    /// Per [network](source_network) of an address: /24 of IPv4, /64 of IPv6. A school sits behind
    /// one, so it is wider.
    pub source: LockOutDelays,
}

/// The network an address is counted with: /24 of IPv4, /64 of IPv6, where one household or one
/// school sits. An IPv4 address written as one of IPv6 is what it is.
///
/// ```
/// use core::net::IpAddr;
///
/// use eschool_core::policy::source_network;
///
/// let address: IpAddr = "203.0.113.77".parse()?;
/// assert_eq!(source_network(address).to_string(), "203.0.113.0");
/// let address: IpAddr = "2001:db8:1:2:3:4:5:6".parse()?;
/// assert_eq!(source_network(address).to_string(), "2001:db8:1:2::");
/// # Ok::<(), core::net::AddrParseError>(())
/// ```
#[must_use]
pub const fn source_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// How one counter closes: some attempts are free, then each failure closes it for twice as long
/// as the one before.
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use eschool_core::policy::{Counter, LockOutDelays};
///
/// let delays = LockOutDelays { free: 2, first_seconds: 60, greatest_seconds: 3600, forget_seconds: 86_400 };
/// let now = DateTime::UNIX_EPOCH;
/// let counter = Counter::default().failed(&delays, now).failed(&delays, now);
/// assert_eq!(counter.closed_until(now), None);
///
/// let counter = counter.failed(&delays, now);
/// assert_eq!(counter.closed_until(now), Some(now + TimeDelta::seconds(60)));
/// let counter = counter.failed(&delays, now);
/// assert_eq!(counter.closed_until(now), Some(now + TimeDelta::seconds(120)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LockOutDelays {
    /// Failures that close nothing.
    pub free: u16,
    /// How long the first failure beyond them closes the counter.
    pub first_seconds: u32,
    /// The longest it is ever closed.
    pub greatest_seconds: u32,
    /// After how long without a failure everything is forgotten.
    pub forget_seconds: u32,
}

/// Failures counted so far.
///
/// ```
/// use eschool_core::policy::Counter;
///
/// assert_eq!(serde_json::to_string(&Counter::default())?, r#"{"failures":0}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counter {
    /// How many.
    pub failures: u32,
    /// When the last one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<DateTime<Utc>>,
    /// Until when the counter is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

impl Counter {
    /// Until when the counter is closed, if it is closed now.
    #[must_use]
    pub fn closed_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.until.filter(|until| now < *until)
    }

    /// The counter with one more failure.
    #[must_use]
    pub fn failed(self, delays: &LockOutDelays, now: DateTime<Utc>) -> Self {
        let forget = TimeDelta::seconds(delays.forget_seconds.into());
        let forgotten = self.last.is_none_or(|last| now - last >= forget);
        let failures = if forgotten { 1 } else { self.failures.saturating_add(1) };
        let beyond = failures.saturating_sub(delays.free.into());
        let until = (beyond > 0).then(|| {
            let doubled = 1_u32.checked_shl(beyond - 1).unwrap_or(u32::MAX);
            let seconds = delays.first_seconds.saturating_mul(doubled).min(delays.greatest_seconds);
            // at the end of chrono's calendar for ever
            now.checked_add_signed(TimeDelta::seconds(seconds.into()))
                .unwrap_or(DateTime::<Utc>::MAX_UTC)
        });
        Self { failures, last: Some(now), until }
    }

    /// The counter with one attempt taken back, because it succeeded or was never judged. `before`
    /// is the counter that the attempt found; others may have been counted since.
    ///
    /// ```
    /// use chrono::{DateTime, TimeDelta};
    /// use eschool_core::policy::{Counter, LockOutDelays};
    ///
    /// let delays = LockOutDelays { free: 2, first_seconds: 60, greatest_seconds: 3600, forget_seconds: 86_400 };
    /// let now = DateTime::UNIX_EPOCH;
    /// let before = (0..3).fold(Counter::default(), |counter, _| counter.failed(&delays, now));
    /// let later = now + TimeDelta::seconds(60);
    /// // A right password after the delay closes nothing.
    /// assert_eq!(before.failed(&delays, later).taken_back(&before, &delays, later), before);
    /// ```
    #[must_use]
    pub fn taken_back(self, before: &Self, delays: &LockOutDelays, counted: DateTime<Utc>) -> Self {
        if self == before.failed(delays, counted) {
            return *before;
        }
        // Somebody else failed meanwhile: what they were counted for stays.
        Self { failures: self.failures.saturating_sub(1), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELAYS: LockOutDelays =
        LockOutDelays { free: 5, first_seconds: 60, greatest_seconds: 900, forget_seconds: 86_400 };

    #[test]
    fn delays_grow_and_end() {
        let mut now = DateTime::UNIX_EPOCH;
        let mut counter = Counter::default();
        let mut closed = alloc::vec::Vec::new();
        for _ in 0..12 {
            counter = counter.failed(&DELAYS, now);
            let until = counter.closed_until(now).unwrap_or(now);
            closed.push((until - now).num_seconds());
            now = until;
        }
        assert_eq!(closed, [0, 0, 0, 0, 0, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(counter.closed_until(now), None);
    }

    #[test]
    fn neighbours_are_one_source_and_others_are_not() {
        for (address, network) in [
            ("203.0.113.0", "203.0.113.0"),
            ("203.0.113.255", "203.0.113.0"),
            ("203.0.112.255", "203.0.112.0"),
            ("::ffff:203.0.113.77", "203.0.113.0"),
            ("::ffff:cb00:714d", "203.0.113.0"),
            ("2001:db8:0:1::", "2001:db8:0:1::"),
            ("2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::"),
            ("2001:db8:0:2::1", "2001:db8:0:2::"),
            // Of the old compatible form nothing says that it is one of IPv4.
            ("::203.0.113.77", "::"),
        ] {
            let source = source_network(address.parse().unwrap());
            assert_eq!(source, network.parse::<IpAddr>().unwrap(), "{address}");
            assert_eq!(source_network(source), source, "{address}");
        }
    }

    #[test]
    fn a_day_of_quiet_forgets_everything() {
        let now = DateTime::UNIX_EPOCH;
        let mut counter = Counter::default();
        for _ in 0..9 {
            counter = counter.failed(&DELAYS, now);
        }
        let tomorrow = now + TimeDelta::days(1);
        assert_eq!(counter.failed(&DELAYS, tomorrow).failures, 1);
        assert_eq!(counter.failed(&DELAYS, tomorrow - TimeDelta::seconds(1)).failures, 10);
    }

    #[test]
    fn an_attempt_taken_back_leaves_the_counter_as_it_was() {
        let now = DateTime::UNIX_EPOCH;
        let counted = |n| (0..n).fold(Counter::default(), |c, _| c.failed(&DELAYS, now));
        for failures in [0, 1, 5, 6, 9] {
            let before = counted(failures);
            let later = before.until.unwrap_or(now);
            let after = before.failed(&DELAYS, later);
            assert_eq!(after.taken_back(&before, &DELAYS, later), before, "{failures}");
            // one more failure came between
            let more = after.failed(&DELAYS, later);
            let left = more.taken_back(&before, &DELAYS, later);
            assert_eq!((left.failures, left.until), (failures + 1, more.until), "{failures}");
        }
    }

    #[test]
    fn any_instant_is_taken() {
        let instants = [DateTime::<Utc>::MIN_UTC, DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC];
        for (last, now) in instants.iter().flat_map(|last| instants.map(|now| (*last, now))) {
            let counter = Counter { failures: 5, last: Some(last), until: Some(last) };
            let counted = counter.failed(&DELAYS, now);
            assert!(counted.until.is_none_or(|until| now <= until), "{last} {now}");
            let _ = counted.taken_back(&counter, &DELAYS, now);
        }
    }

    #[test]
    fn any_number_of_failures_is_counted() {
        let counter = Counter { failures: u32::MAX, last: Some(DateTime::UNIX_EPOCH), until: None };
        let until = counter.failed(&DELAYS, DateTime::UNIX_EPOCH).until;
        assert_eq!(until, Some(DateTime::UNIX_EPOCH + TimeDelta::seconds(900)));
    }
}
