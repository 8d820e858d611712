//! Faults that are injected: what ЕСИА does on its bad days, on demand.
//!
//! An [`Injection`] says which fault, at which endpoint, and for how many requests. What is to happen
//! in one request is its [`Twist`], which whoever answers it looks up.

mod answer;
mod request;

use std::fmt;

pub(super) use answer::{Broken, overloaded, page};
use chrono::TimeDelta;
pub(super) use request::Ordered;
pub use request::{InjectError, Injection};

use super::{Emulator, RefusalCode};

/// An endpoint that faults can be injected at.
///
/// ```
/// use eschool_esia::emulator::FaultyEndpoint;
///
/// assert_eq!(FaultyEndpoint::parse("token"), Some(FaultyEndpoint::Token));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultyEndpoint {
    /// `/aas/oauth2/v2/ac` and `/aas/oauth2/ac`.
    Authorize,
    /// `/aas/oauth2/v3/te` and `/aas/oauth2/te`.
    Token,
    /// `/rs/prns/{oid}`.
    Person,
    /// `/rs/prns/{oid}/ctts` and below.
    Contacts,
    /// `/rs/prns/{oid}/kids` and below.
    Kids,
    /// `/idp/ext/Logout`.
    Logout,
}

impl FaultyEndpoint {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Authorize, Self::Token, Self::Person, Self::Contacts, Self::Kids, Self::Logout];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::Person => "person",
            Self::Contacts => "contacts",
            Self::Kids => "kids",
            Self::Logout => "logout",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.name() == word)
    }

    /// Which endpoint a path belongs to.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        match path {
            "/aas/oauth2/v2/ac" | "/aas/oauth2/ac" => return Some(Self::Authorize),
            "/aas/oauth2/v3/te" | "/aas/oauth2/te" => return Some(Self::Token),
            "/idp/ext/Logout" => return Some(Self::Logout),
            _ => {}
        }
        let (_, below) = path.strip_prefix("/rs/prns/")?.split_once('/').unwrap_or_default();
        match below.split('/').next() {
            Some("") => Some(Self::Person),
            Some("ctts") => Some(Self::Contacts),
            Some("kids") => Some(Self::Kids),
            _ => None,
        }
    }
}

/// What goes wrong.
///
/// ```
/// use eschool_esia::emulator::{FaultyEndpoint, InjectedFault};
///
/// assert!(InjectedFault::RotatedKey.is_for(FaultyEndpoint::Token));
/// assert!(!InjectedFault::RotatedKey.is_for(FaultyEndpoint::Kids));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InjectedFault {
    /// The connection is closed without an answer.
    Down,
    /// Status 503.
    Unavailable,
    /// The answer comes so many seconds later.
    Slow(u32),
    /// A page in HTML with this status instead of the answer.
    Html(u16),
    /// A refusal with this code, once everything about the request was found right.
    Refuse(RefusalCode),
    /// Tokens are signed by the key that comes next.
    RotatedKey,
    /// Tokens are signed by a key whose time is over.
    ExpiredKey,
    /// The emulator's clock is so many seconds off: in the header `Date`, in tokens, and where it
    /// judges `timestamp`.
    Clock(i32),
    /// The answer says `state` twice, the second time another one.
    DuplicatedState,
    /// Contacts and children come as addresses, whatever `embed` asks for.
    Linked,
}

impl InjectedFault {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Unavailable => "unavailable",
            Self::Slow(_) => "slow",
            Self::Html(_) => "html",
            Self::Refuse(_) => "refuse",
            Self::RotatedKey => "rotated_key",
            Self::ExpiredKey => "expired_key",
            Self::Clock(_) => "clock",
            Self::DuplicatedState => "duplicated_state",
            Self::Linked => "linked",
        }
    }

    /// Whether it can happen at an endpoint.
    #[must_use]
    pub const fn is_for(self, endpoint: FaultyEndpoint) -> bool {
        use FaultyEndpoint::{Authorize, Contacts, Kids, Token};
        match self {
            Self::Refuse(_) | Self::DuplicatedState => matches!(endpoint, Authorize | Token),
            Self::RotatedKey | Self::ExpiredKey => matches!(endpoint, Token),
            Self::Linked => matches!(endpoint, Contacts | Kids),
            _ => true,
        }
    }
}

/// Which key signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum KeyChoice {
    #[default]
    Current,
    Next,
    Expired,
}

/// What is odd in one request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Twist {
    /// How far off the clock is, in seconds.
    pub(super) clock: i32,
    pub(super) key: KeyChoice,
    pub(super) state_twice: bool,
    pub(super) linked: bool,
    pub(super) refuse: Option<RefusalCode>,
}

tokio::task_local! {
    static TWIST: Twist;
}

impl Twist {
    /// What is odd in the request that is being answered.
    pub(super) fn now() -> Self {
        TWIST.try_with(|twist| *twist).unwrap_or_default()
    }

    /// Answers a request with this oddity.
    pub(super) async fn over<T>(self, answer: impl Future<Output = T>) -> T {
        TWIST.scope(self, answer).await
    }
}

/// A fault that is on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Active {
    injection: Injection,
    /// For how many requests more; none: until it is taken back.
    left: Option<u32>,
}

/// What one request meets.
#[derive(Debug, Default)]
pub(super) struct Met {
    pub(super) wait: u32,
    /// Answered without being looked at.
    pub(super) instead: Option<InjectedFault>,
    pub(super) twist: Twist,
}

impl Met {
    fn add(&mut self, fault: InjectedFault) {
        match fault {
            InjectedFault::Slow(seconds) => self.wait = self.wait.saturating_add(seconds),
            InjectedFault::Down | InjectedFault::Unavailable | InjectedFault::Html(_) => {
                self.instead.get_or_insert(fault);
            }
            InjectedFault::Refuse(code) => self.twist.refuse = Some(code),
            InjectedFault::RotatedKey => self.twist.key = KeyChoice::Next,
            InjectedFault::ExpiredKey => self.twist.key = KeyChoice::Expired,
            InjectedFault::Clock(seconds) => self.twist.clock = seconds,
            InjectedFault::DuplicatedState => self.twist.state_twice = true,
            InjectedFault::Linked => self.twist.linked = true,
        }
    }
}

impl Emulator {
    /// Puts a fault on, beside those that are on. The same as `POST /emulator/faults`. The first
    /// fault of a key makes that key, which takes a moment.
    ///
    /// ```
    /// # use eschool_esia::{ambient::Ambient, emulator::{EmulatorSettings, TokenKeyPair}};
    /// use eschool_esia::emulator::{Emulator, FaultyEndpoint, InjectedFault, Injection};
    /// # let key = TokenKeyPair::generate()?;
    /// # let settings = EmulatorSettings::new(Vec::new(), Vec::new(), key, Ambient::system());
    /// # let emulator = Emulator::new(settings);
    ///
    /// let slow = Injection::new(InjectedFault::Slow(5)).at(FaultyEndpoint::Token).times(3);
    /// emulator.inject(slow)?;
    /// assert_eq!(emulator.faults(), [slow]);
    /// emulator.reset_faults();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`InjectError`] if the fault does not happen at that endpoint, a number is out of range, or its
    /// key cannot be made.
    pub fn inject(&self, injection: Injection) -> Result<(), InjectError> {
        injection.check()?;
        self.make_keys_for(injection.fault)?;
        let mut active = self.active();
        if active.len() >= Injection::MOST {
            return Err(InjectError::TooMany);
        }
        active.push(Active { injection, left: injection.times });
        tracing::info!(fault = injection.fault.name(), "a fault was put on");
        Ok(())
    }

    /// The faults that are on, with how many requests each is still for.
    #[must_use]
    pub fn faults(&self) -> Vec<Injection> {
        let active = self.active();
        active.iter().map(|one| Injection { times: one.left, ..one.injection }).collect()
    }

    /// Takes every fault back.
    pub fn reset_faults(&self) {
        self.active().clear();
    }

    /// What a request at an endpoint meets; faults for so many requests count it.
    pub(super) fn meet(&self, endpoint: FaultyEndpoint) -> Met {
        let mut met = Met::default();
        let mut active = self.active();
        for one in &mut *active {
            let named = one.injection.endpoint.is_none_or(|named| named == endpoint);
            if named && one.injection.fault.is_for(endpoint) {
                met.add(one.injection.fault);
                one.left = one.left.map(|left| left.saturating_sub(1));
            }
        }
        active.retain(|one| one.left != Some(0));
        met
    }

    /// The time as the emulator tells it in this request.
    pub(super) fn told_now(&self) -> chrono::DateTime<chrono::Utc> {
        let now = self.now();
        let off = TimeDelta::seconds(Twist::now().clock.into());
        now.checked_add_signed(off).unwrap_or(now)
    }
}

impl fmt::Display for InjectedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
