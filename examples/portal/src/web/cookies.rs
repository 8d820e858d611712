//! The two cookies: one opens the session, one tells a device again.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponseParts, ResponseParts},
};
use chrono::TimeDelta;
use eschool_store::secret::Token;

/// For how long a device is known: a year.
const DEVICE_DAYS: i64 = 365;

/// The cookies of a request.
#[derive(Clone, Default)]
pub(super) struct Cookies {
    /// What opens the session, as it came.
    pub(super) session: Option<String>,
    /// What tells the device, as it came.
    pub(super) device: Option<String>,
    secure: bool,
}

/// A cookie to set or to clear.
pub(super) struct SetCookie(HeaderValue);

#[derive(Clone, Copy)]
enum Name {
    Session,
    Device,
}

impl Name {
    /// Off loopback the prefix binds the cookie to https and to this very host.
    const fn text(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, false) => "eschool_session",
            (Self::Session, true) => "__Host-eschool_session",
            (Self::Device, false) => "eschool_device",
            (Self::Device, true) => "__Host-eschool_device",
        }
    }
}

impl Cookies {
    fn of(headers: &HeaderMap) -> Self {
        let secure = !is_loopback(headers);
        let mut cookies = Self { secure, ..Self::default() };
        let texts = headers.get_all(header::COOKIE).iter().filter_map(|text| text.to_str().ok());
        for (name, value) in texts.flat_map(|text| text.split(';')).filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            Some((name, value.to_owned()))
        }) {
            if name == Name::Session.text(secure) {
                cookies.session = Some(value);
            } else if name == Name::Device.text(secure) {
                cookies.device = Some(value);
            }
        }
        cookies
    }

    /// Opens a session that lasts so long.
    pub(super) fn set_session(&self, token: &Token, lasts: TimeDelta) -> SetCookie {
        self.set(Name::Session, &token.to_text(), lasts.num_seconds().max(0))
    }

    /// Forgets the session.
    pub(super) fn clear_session(&self) -> SetCookie {
        self.set(Name::Session, "", 0)
    }

    /// Tells the device again.
    pub(super) fn set_device(&self, token: &Token) -> SetCookie {
        let lasts = TimeDelta::days(DEVICE_DAYS).num_seconds();
        self.set(Name::Device, &token.to_text(), lasts)
    }

    fn set(&self, name: Name, value: &str, seconds: i64) -> SetCookie {
        let name = name.text(self.secure);
        let secure = if self.secure { "; Secure" } else { "" };
        let text =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
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
