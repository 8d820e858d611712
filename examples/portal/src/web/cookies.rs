//! The cookies: one opens the session, one tells a device again, one for each sign-in through ЕСИА
//! that has begun in this browser, one that tells that somebody is signed in at ЕСИА, and one with
//! an invitation that was opened, and one with what an app asked for.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponseParts, ResponseParts},
};
use chrono::TimeDelta;
use eschool_store::secret::{SessionToken, Token};

/// For how long a device is known: a year.
const DEVICE_DAYS: i64 = 365;

/// How many sign-ins through ЕСИА one browser may have under way: a window each.
const MOST_ATTEMPTS: usize = 12;

/// The cookies of a request.
#[derive(Clone, Default)]
pub(super) struct Cookies {
    /// What opens the session, as it came.
    pub(super) session: Option<String>,
    /// What tells the device, as it came.
    pub(super) device: Option<String>,
    /// Whether somebody came in through ЕСИА here and may be signed in there still.
    pub(super) at_esia: bool,
    /// The token of the invitation that was opened here, as it came.
    pub(super) invitation: Option<String>,
    /// What an app asked for before somebody signed in here, as a query.
    pub(super) asked_by_app: Option<String>,
    /// Sign-ins through ЕСИА that have begun here: the name each is found by, and what was kept.
    attempts: Vec<(String, String)>,
    secure: bool,
}

/// A cookie to set or to clear.
pub(super) struct SetCookie(HeaderValue);

/// Several of them.
pub(super) struct SetCookies(pub(super) Vec<SetCookie>);

/// What the cookies' names begin with off loopback: it binds them to https and to this very host.
const BOUND: &str = "__Host-";
const SESSION: &str = "eschool_session";
const DEVICE: &str = "eschool_device";
const ATTEMPT: &str = "eschool_esia_";
const AT_ESIA: &str = "eschool_at_esia";
const INVITATION: &str = "eschool_invitation";
const ASKED_BY_APP: &str = "eschool_app";

/// For how long an app's request waits for somebody to sign in.
const ASKED_MINUTES: i64 = 10;

impl Cookies {
    fn of(headers: &HeaderMap) -> Self {
        let secure = !is_loopback(headers);
        let mut cookies = Self { secure, ..Self::default() };
        let texts = headers.get_all(header::COOKIE).iter().filter_map(|text| text.to_str().ok());
        for (name, value) in texts.flat_map(|text| text.split(';')).filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            Some((name, value.to_owned()))
        }) {
            let name = if secure { name.strip_prefix(BOUND).unwrap_or_default() } else { name };
            if name == SESSION {
                cookies.session = Some(value);
            } else if name == DEVICE {
                cookies.device = Some(value);
            } else if name == AT_ESIA {
                cookies.at_esia = true;
            } else if name == INVITATION {
                cookies.invitation = Some(value);
            } else if name == ASKED_BY_APP {
                cookies.asked_by_app = Some(value);
            } else if let Some(of) = name.strip_prefix(ATTEMPT) {
                cookies.attempts.push((of.into(), value));
            }
        }
        cookies
    }

    /// Opens a session that lasts so long.
    pub(super) fn set_session(&self, token: &SessionToken, lasts: TimeDelta) -> SetCookie {
        self.set(SESSION, &token.to_text(), lasts.num_seconds().max(0))
    }

    /// Forgets the session.
    pub(super) fn clear_session(&self) -> SetCookie {
        self.set(SESSION, "", 0)
    }

    /// Tells the device again.
    pub(super) fn set_device(&self, token: &Token) -> SetCookie {
        let lasts = TimeDelta::days(DEVICE_DAYS).num_seconds();
        self.set(DEVICE, &token.to_text(), lasts)
    }

    /// Remembers that somebody is signed in at ЕСИА, whoever opens a session here meanwhile.
    pub(super) fn set_at_esia(&self) -> SetCookie {
        self.set(AT_ESIA, "1", TimeDelta::days(1).num_seconds())
    }

    /// Forgets it: they are led to sign out there.
    pub(super) fn clear_at_esia(&self) -> SetCookie {
        self.set(AT_ESIA, "", 0)
    }

    /// Keeps an invitation while its holder is on the way through ЕСИА, as often as it takes.
    pub(super) fn set_invitation(&self, token: &str) -> SetCookie {
        self.set(INVITATION, token, TimeDelta::hours(1).num_seconds())
    }

    /// Forgets the invitation.
    pub(super) fn clear_invitation(&self) -> SetCookie {
        self.set(INVITATION, "", 0)
    }

    /// Keeps what an app asks for while somebody signs in.
    pub(super) fn set_asked_by_app(&self, query: &str) -> SetCookie {
        self.set(ASKED_BY_APP, query, TimeDelta::minutes(ASKED_MINUTES).num_seconds())
    }

    /// Forgets it: somebody is asked, or has answered.
    pub(super) fn clear_asked_by_app(&self) -> SetCookie {
        self.set(ASKED_BY_APP, "", 0)
    }

    /// What was kept of the sign-in through ЕСИА that is found by this name.
    pub(super) fn attempt(&self, of: &str) -> Option<&str> {
        let found = self.attempts.iter().find(|(name, _)| name == of);
        found.map(|(_, kept)| kept.as_str())
    }

    /// Keeps what a sign-in through ЕСИА needs when it comes back. Windows that were never finished
    /// make room once there are too many.
    pub(super) fn set_attempt(&self, of: &str, kept: &str, lasts: TimeDelta) -> Vec<SetCookie> {
        let mut set: Vec<_> = match self.attempts.len() {
            0..MOST_ATTEMPTS => Vec::new(),
            _ => self.attempts.iter().map(|(of, _)| self.clear_attempt(of)).collect(),
        };
        set.push(self.set(&format!("{ATTEMPT}{of}"), kept, lasts.num_seconds()));
        set
    }

    /// Forgets a sign-in through ЕСИА: it has come back.
    pub(super) fn clear_attempt(&self, of: &str) -> SetCookie {
        self.set(&format!("{ATTEMPT}{of}"), "", 0)
    }

    fn set(&self, name: &str, value: &str, seconds: i64) -> SetCookie {
        let (bound, secure) = if self.secure { (BOUND, "; Secure") } else { ("", "") };
        let text = format!(
            "{bound}{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        );
        let mut text = HeaderValue::from_str(&text)
            .unwrap_or_else(|_| HeaderValue::from_static("eschool_none=; Max-Age=0"));
        text.set_sensitive(true);
        SetCookie(text)
    }
}

/// Whether the browser sees the portal on its own machine, where cookies need no https. A request
/// that does not say is taken to come from elsewhere.
fn is_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    let name = name.unwrap_or_default();
    name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

impl<S: Sync> FromRequestParts<S> for Cookies {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

impl IntoResponseParts for SetCookie {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        parts.headers_mut().append(header::SET_COOKIE, self.0);
        Ok(parts)
    }
}

impl IntoResponseParts for SetCookies {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        for SetCookie(cookie) in self.0 {
            parts.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(host: &str, cookie: &str) -> Cookies {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        Cookies::of(&headers)
    }

    #[test]
    fn off_loopback_only_the_bound_cookies_count() {
        for (host, secure) in [
            ("127.0.0.1:8080", false),
            ("localhost", false),
            ("[::1]:8080", false),
            ("127.0.0.1.example.org", true),
            ("dnevnik.example.org", true),
            ("192.168.0.7:8080", true),
            ("", true),
        ] {
            let cookies = of(host, "a=b; eschool_session=plain; __Host-eschool_session=bound");
            let expected = if secure { "bound" } else { "plain" };
            assert_eq!(cookies.session.as_deref(), Some(expected), "{host}");
            let set = cookies.set_device(&Token::new([7; 32])).0;
            let set = set.to_str().unwrap();
            assert_eq!(set.contains("; Secure"), secure);
            assert_eq!(set.starts_with("__Host-"), secure);
            assert!(set.contains("; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"), "{set}");
        }
    }

    #[test]
    fn whatever_comes_is_read() {
        for cookie in ["", ";;;", "=", "eschool_session", "eschool_session", "a=b=c; =d"] {
            assert_eq!(of("localhost", cookie).session, None, "{cookie}");
        }
        assert_eq!(of("localhost", "eschool_session=").session.as_deref(), Some(""));
    }
}
