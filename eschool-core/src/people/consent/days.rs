//! Why the days of a consent are out of order.

use alloc::string::{String, ToString as _};

use chrono::NaiveDate;
use thiserror::Error;

use crate::error::CodedError;

/// Why the days of a consent are out of order.
///
/// ```
/// use eschool_core::{error::CodedError, people::Consent};
///
/// let consent: Consent = serde_json::from_str(
///     r#"{"giver": "019379ab-0000-7000-8000-000000000002",
///         "pupil": "019379ab-0000-7000-8000-000000000003",
///         "purpose": "school_portfolio", "from": "2024-09-01"}"#,
/// )?;
/// let wrong = Consent { revoked: "2024-08-31".parse().ok(), ..consent };
/// let error = wrong.validate().unwrap_err();
/// assert_eq!((error.code(), error.field()), ("consent_revoked_before_given", Some("revoked")));
/// assert_eq!(error.value().as_deref(), Some("2024-08-31"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ConsentDaysError {
    /// Its last day is before the one on which it is given.
    #[error("the consent ends with `{until}`, before it is given on `{from}`")]
    Ends {
        /// The day it is given.
        from: NaiveDate,
        /// Its last day.
        until: NaiveDate,
    },
    /// It is revoked before it is given.
    #[error("the consent is revoked on `{revoked}`, before it is given on `{from}`")]
    Revoked {
        /// The day it is given.
        from: NaiveDate,
        /// The day of the revocation.
        revoked: NaiveDate,
    },
}

impl CodedError for ConsentDaysError {
    fn code(&self) -> &'static str {
        match self {
            Self::Ends { .. } => "consent_ends_before_given",
            Self::Revoked { .. } => "consent_revoked_before_given",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Ends { .. } => {
                "Согласие кончается раньше, чем дано: проверьте его последний день и день, когда \
                 его дали"
            }
            Self::Revoked { .. } => {
                "Согласие отозвано раньше, чем дано: проверьте день отзыва и день, когда его дали"
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Ends { .. } => "until",
            Self::Revoked { .. } => "revoked",
        })
    }

    fn value(&self) -> Option<String> {
        Some(match self {
            Self::Ends { until, .. } => until.to_string(),
            Self::Revoked { revoked, .. } => revoked.to_string(),
        })
    }
}
