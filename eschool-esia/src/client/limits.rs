//! The bounds that every way of signing in keeps.

use std::time::Duration;

use chrono::TimeDelta;

use super::SettingsError;

/// How long things may take, and how many at once; the settings of each way hold the same ones.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) clock_skew_seconds: u32,
    pub(super) timeout_seconds: u32,
    pub(super) deadline_seconds: u32,
    pub(super) attempt_minutes: u32,
    pub(super) data_retries: u8,
    pub(super) max_under_way: u16,
}

impl Limits {
    /// Refuses what is out of range, by the name of the setting.
    pub(super) fn check(self) -> Result<(), SettingsError> {
        for (field, sound) in [
            ("clockSkewSeconds", self.clock_skew_seconds <= 300),
            ("timeoutSeconds", (1..=60).contains(&self.timeout_seconds)),
            ("deadlineSeconds", (1..=120).contains(&self.deadline_seconds)),
            ("attemptMinutes", (1..=60).contains(&self.attempt_minutes)),
            ("dataRetries", self.data_retries <= 3),
            ("maxUnderWay", (1..=1024).contains(&self.max_under_way)),
        ] {
            if !sound {
                return Err(SettingsError::OutOfRange { field });
            }
        }
        Ok(())
    }

    pub(super) fn clock_skew(self) -> TimeDelta {
        TimeDelta::seconds(self.clock_skew_seconds.into())
    }

    pub(super) fn attempt_lifetime(self) -> TimeDelta {
        TimeDelta::minutes(self.attempt_minutes.into())
    }

    pub(super) fn timeout(self) -> Duration {
        Duration::from_secs(self.timeout_seconds.into())
    }

    pub(super) fn deadline(self) -> Duration {
        Duration::from_secs(self.deadline_seconds.into())
    }
}

// The defaults, for serde.

pub(super) const fn clock_skew_seconds() -> u32 {
    60
}

pub(super) const fn timeout_seconds() -> u32 {
    5
}

pub(super) const fn deadline_seconds() -> u32 {
    15
}

pub(super) const fn attempt_minutes() -> u32 {
    10
}

pub(super) const fn data_retries() -> u8 {
    1
}

pub(super) const fn max_under_way() -> u16 {
    64
}
