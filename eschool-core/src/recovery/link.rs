//! A one-time link of a letter.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    error::CodedError,
    id::{AccountId, RecoveryLinkId},
    wire::wire_enum,
};

/// How long a link serves.
///
/// ```
/// use eschool_core::recovery::LINK_LIFETIME;
///
/// assert_eq!(LINK_LIFETIME.num_minutes(), 30);
/// ```
pub const LINK_LIFETIME: TimeDelta = TimeDelta::minutes(30);

/// [`LINK_LIFETIME`] as people are told it.
pub(super) fn lifetime_minutes() -> u64 {
    LINK_LIFETIME.num_minutes().unsigned_abs()
}

/// When a link that is made at `made_at` expires; at the end of time, never later.
pub(super) fn expires_at(made_at: DateTime<Utc>) -> DateTime<Utc> {
    made_at.checked_add_signed(LINK_LIFETIME).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// A one-time link that sets a new password for one login. It is made, and ends once: used, expired
/// after [`LINK_LIFETIME`], or superseded by a newer link or a new card.
///
/// It holds no secret. Who keeps it finds it by the hash of the secret in its address.
///
/// ```
/// use eschool_core::recovery::{LinkError, LinkState, RecoveryLink};
///
/// let at = |time: &str| format!("2024-09-30T{time}Z").parse().unwrap();
/// let id = "019379ab-0000-7000-8000-0000000000a1".parse()?;
/// let account = "019379ab-0000-7000-8000-000000000001".parse()?;
/// let mut link = RecoveryLink::new(id, account, at("09:00:00"));
/// assert_eq!(link.state(at("09:29:59")), LinkState::Made);
/// assert_eq!(link.state(at("09:30:00")), LinkState::Expired);
///
/// link.use_up(at("09:10:00"))?;
/// assert_eq!(link.use_up(at("09:10:01")), Err(LinkError::Used { at: at("09:10:00") }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct RecoveryLink {
    id: RecoveryLinkId,
    account: AccountId,
    made_at: DateTime<Utc>,
    end: Option<End>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Used(DateTime<Utc>),
    Superseded(DateTime<Utc>),
}

wire_enum! {
    /// What has become of a link.
    ///
    /// ```
    /// use eschool_core::recovery::LinkState;
    ///
    /// assert_eq!(LinkState::Superseded.as_str(), "superseded");
    /// ```
    pub enum LinkState {
        /// It was made and can be used.
        Made = "made",
        /// It set a password.
        Used = "used",
        /// Nobody used it in time.
        Expired = "expired",
        /// A newer link or a new card took its place.
        Superseded = "superseded",
    }
}

impl RecoveryLink {
    /// A link that is made now.
    #[must_use]
    pub const fn new(id: RecoveryLinkId, account: AccountId, now: DateTime<Utc>) -> Self {
        Self { id, account, made_at: now, end: None }
    }

    /// Its identifier.
    #[must_use]
    pub const fn id(&self) -> RecoveryLinkId {
        self.id
    }

    /// Whose password it sets.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// When it was made.
    #[must_use]
    pub const fn made_at(&self) -> DateTime<Utc> {
        self.made_at
    }

    /// The first instant at which it no longer serves.
    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        expires_at(self.made_at)
    }

    /// What has become of it.
    #[must_use]
    pub fn state(&self, now: DateTime<Utc>) -> LinkState {
        match self.end {
            Some(End::Used(_)) => LinkState::Used,
            Some(End::Superseded(_)) => LinkState::Superseded,
            None if self.expires_at() <= now => LinkState::Expired,
            None => LinkState::Made,
        }
    }

    /// Whether it can be used now; it stays as it is. A page asks this before it shows its form.
    ///
    /// # Errors
    /// [`LinkError`] says what ended it.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(), LinkError> {
        match self.end {
            Some(End::Used(at)) => Err(LinkError::Used { at }),
            Some(End::Superseded(at)) => Err(LinkError::Superseded { at }),
            None if now < self.made_at => {
                Err(LinkError::Earlier { at: now, made_at: self.made_at })
            }
            None if self.expires_at() <= now => Err(LinkError::Expired { at: self.expires_at() }),
            None => Ok(()),
        }
    }

    /// Uses it up: the password is set.
    ///
    /// # Errors
    /// [`LinkError`] says what ended it before.
    pub fn use_up(&mut self, now: DateTime<Utc>) -> Result<(), LinkError> {
        self.check(now)?;
        self.end = Some(End::Used(now));
        Ok(())
    }

    /// Ends it because a newer link or a new card took its place.
    ///
    /// # Errors
    /// [`LinkError`] says what ended it before.
    pub fn supersede(&mut self, now: DateTime<Utc>) -> Result<(), LinkError> {
        self.check(now)?;
        self.end = Some(End::Superseded(now));
        Ok(())
    }
}

/// Whether what a letter was asked for is done already for a login: since then the card was made, or
/// the login's last link was used, or ended by another way to a password. A letter that comes late
/// then must not open one more.
///
/// ```
/// use eschool_core::recovery::{RecoveryLink, is_answered};
///
/// let at = |time: &str| format!("2024-09-30T{time}Z").parse().unwrap();
/// let id = "019379ab-0000-7000-8000-0000000000a1".parse()?;
/// let account = "019379ab-0000-7000-8000-000000000001".parse()?;
/// let (asked_at, issued_at) = (at("09:00:00"), at("08:00:00"));
/// let mut link = RecoveryLink::new(id, account, at("09:01:00"));
/// assert!(!is_answered(asked_at, issued_at, Some(&link)));
/// assert!(is_answered(asked_at, at("09:00:01"), None));
/// link.use_up(at("09:02:00"))?;
/// assert!(is_answered(asked_at, issued_at, Some(&link)));
/// assert!(!is_answered(at("09:02:00"), issued_at, Some(&link)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn is_answered(
    asked_at: DateTime<Utc>,
    issued_at: DateTime<Utc>,
    link: Option<&RecoveryLink>,
) -> bool {
    let ended = link.and_then(|link| link.end).map(|end| match end {
        End::Used(at) | End::Superseded(at) => at,
    });
    asked_at < issued_at || ended.is_some_and(|ended| asked_at < ended)
}

/// Supersedes every link of an account that could still be used, before a newer link or a new card
/// takes their place: at most one way to set a password is open. Says how many there were.
///
/// ```
/// use eschool_core::recovery::{LinkState, RecoveryLink, replace_links};
///
/// let now = "2024-09-30T09:00:00Z".parse().unwrap();
/// let id = "019379ab-0000-7000-8000-0000000000a1".parse()?;
/// let account = "019379ab-0000-7000-8000-000000000001".parse()?;
/// let mut links = [RecoveryLink::new(id, account, now)];
/// assert_eq!(replace_links(&mut links, account, now), 1);
/// assert_eq!(links[0].state(now), LinkState::Superseded);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn replace_links(links: &mut [RecoveryLink], account: AccountId, now: DateTime<Utc>) -> usize {
    let open = links.iter_mut().filter(|link| link.account == account);
    // a clock that went back must not leave an older link open
    open.filter_map(|link| link.supersede(now.max(link.made_at)).ok()).count()
}

/// A link as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parts {
    id: RecoveryLinkId,
    account: AccountId,
    made_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    superseded_at: Option<DateTime<Utc>>,
}

impl From<RecoveryLink> for Parts {
    fn from(link: RecoveryLink) -> Self {
        let RecoveryLink { id, account, made_at, end } = link;
        let (used_at, superseded_at) = match end {
            Some(End::Used(at)) => (Some(at), None),
            Some(End::Superseded(at)) => (None, Some(at)),
            None => (None, None),
        };
        Self { id, account, made_at, used_at, superseded_at }
    }
}

impl TryFrom<Parts> for RecoveryLink {
    type Error = LinkError;

    fn try_from(parts: Parts) -> Result<Self, Self::Error> {
        let mut link = Self::new(parts.id, parts.account, parts.made_at);
        if let Some(at) = parts.used_at {
            link.use_up(at)?;
        }
        if let Some(at) = parts.superseded_at {
            link.supersede(at)?;
        }
        Ok(link)
    }
}

/// Why a link does not take a step.
///
/// ```
/// use eschool_core::{error::CodedError, recovery::LinkError};
///
/// let error = LinkError::Expired { at: "2024-09-30T09:30:00Z".parse()? };
/// assert_eq!(error.code(), "link_expired");
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    /// It was used.
    #[error("the link was used at {at}")]
    Used {
        /// When.
        at: DateTime<Utc>,
    },
    /// A newer link or a new card took its place.
    #[error("the link was superseded at {at}")]
    Superseded {
        /// When.
        at: DateTime<Utc>,
    },
    /// Its time is over.
    #[error("the link expired at {at}")]
    Expired {
        /// When.
        at: DateTime<Utc>,
    },
    /// The step is dated before the link was made.
    #[error("the step is dated {at}, before the link was made at {made_at}")]
    Earlier {
        /// The step's date.
        at: DateTime<Utc>,
        /// When the link was made.
        made_at: DateTime<Utc>,
    },
}

impl CodedError for LinkError {
    fn code(&self) -> &'static str {
        match self {
            Self::Used { .. } => "link_used",
            Self::Superseded { .. } => "link_superseded",
            Self::Expired { .. } => "link_expired",
            Self::Earlier { .. } => "link_earlier",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Used { .. } => {
                "По этой ссылке пароль уже задали. Если это были не вы, восстановите вход ещё раз"
            }
            Self::Superseded { .. } => {
                "Эта ссылка больше не действует: откройте последнее письмо или возьмите пароль с \
                 новой карточки"
            }
            Self::Expired { .. } => "Срок ссылки вышел. Восстановите вход ещё раз",
            Self::Earlier { .. } => "Ссылка ещё не создана: проверьте часы сервера",
        }
    }
}
