//! The apps that may ask for access to the diary (RFC 8252), as the operator registers them.

use std::{collections::BTreeMap, fmt, str::FromStr};

use url::Url;

/// The example programs that come with the library; registered where all people are invented.
const EXAMPLES: [&str; 2] =
    ["kotlin-diary=http://127.0.0.1/callback", "swift-diary=http://127.0.0.1/callback"];

/// The longest name of an app.
const LONGEST: usize = 64;

/// One address of one app, as `ID=URI`.
///
/// The address is where the browser leads back to, one of three kinds (RFC 8252, 7):
///
/// * `https://…`: a link that the app claims on its platform;
/// * `org.example.app:/…`: a scheme of its own, a domain name turned around;
/// * `http://127.0.0.1/…` or `http://[::1]/…` without a port: the app listens on this very machine. It
///   may come with any port, and with the one name or the other; the path has to be this one.
///
/// ```
/// use portal::apps::AppAddress;
///
/// let address: AppAddress = "diary=org.example.diary:/signed-in".parse()?;
/// assert_eq!(address.to_string(), "diary=org.example.diary:/signed-in");
/// assert!("diary=http://example.org/".parse::<AppAddress>().is_err());
/// # Ok::<(), portal::apps::AppAddressError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppAddress {
    app: String,
    address: Address,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Address {
    /// This text and no other.
    Exact(String),
    /// This path, and query, on this machine.
    Loopback(String),
}

/// Why a text registers no app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppAddressError {
    /// It is not `ID=URI`.
    #[error("an app is registered as ID=URI, as in diary=https://app.example.org/signed-in")]
    Form,
    /// The name will not do.
    #[error("the name of an app has 1 to 64 characters of a-z, 0-9, `.`, `_` and `-`")]
    Name,
    /// The address does not read, or not as it is written.
    #[error("the address of an app is written in full, in lower case and without a fragment")]
    Address,
    /// The address is not one of an app.
    #[error(
        "the address of an app is https://…, a scheme with a dot as in org.example.app:/…, or \
         http://127.0.0.1/… without a port"
    )]
    Kind,
}

impl FromStr for AppAddress {
    type Err = AppAddressError;

    fn from_str(text: &str) -> Result<Self, AppAddressError> {
        let (app, uri) = text.split_once('=').ok_or(AppAddressError::Form)?;
        let may = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        if app.is_empty() || app.len() > LONGEST || !app.bytes().all(may) {
            return Err(AppAddressError::Name);
        }
        Ok(Self { app: app.into(), address: uri.parse()? })
    }
}

impl FromStr for Address {
    type Err = AppAddressError;

    fn from_str(text: &str) -> Result<Self, AppAddressError> {
        let url: Url = text.parse().map_err(|_| AppAddressError::Address)?;
        let is_plain = url.username().is_empty() && url.password().is_none();
        // An address that reads otherwise than it is written is compared by neither.
        if url.as_str() != text || url.fragment().is_some() || !is_plain {
            return Err(AppAddressError::Address);
        }
        for host in LOOPBACK {
            if let Some(path) = text.strip_prefix(host).filter(|path| path.starts_with('/')) {
                return Ok(Self::Loopback(path.into()));
            }
        }
        match url.scheme() {
            "https" => Ok(Self::Exact(text.into())),
            scheme if scheme.contains('.') => Ok(Self::Exact(text.into())),
            _ => Err(AppAddressError::Kind),
        }
    }
}

/// What an address of this machine begins with, without a port. Not `localhost`, which may be
/// resolved to another machine's (RFC 8252, 8.3).
const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];

impl Address {
    fn is(&self, asked: &str) -> bool {
        match self {
            Self::Exact(own) => own == asked,
            Self::Loopback(own) => LOOPBACK.iter().any(|host| {
                let rest = asked.strip_prefix(host).and_then(|rest| rest.strip_prefix(':'));
                rest.and_then(|rest| rest.strip_suffix(own.as_str())).is_some_and(is_port)
            }),
        }
    }
}

/// Whether a text is a port, in its one spelling.
fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port > 0 && port.to_string() == text)
}

impl fmt::Display for AppAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { app, address } = self;
        match address {
            Address::Exact(uri) => write!(f, "{app}={uri}"),
            Address::Loopback(path) => write!(f, "{app}=http://127.0.0.1{path}"),
        }
    }
}

/// The apps that are registered.
///
/// ```
/// use portal::apps::Apps;
///
/// let apps = Apps::new(["diary=http://127.0.0.1/back".parse()?]);
/// assert!(apps.has("diary") && !apps.has("another"));
/// assert!(apps.may_lead("diary", "http://127.0.0.1:4100/back"));
/// assert!(!apps.may_lead("diary", "http://127.0.0.1:4100/elsewhere"));
/// # Ok::<(), portal::apps::AppAddressError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Apps(BTreeMap<String, Vec<Address>>);

impl Apps {
    /// These apps; one that is named several times has several addresses.
    pub fn new(addresses: impl IntoIterator<Item = AppAddress>) -> Self {
        let mut apps = Self::default();
        for AppAddress { app, address } in addresses {
            apps.0.entry(app).or_default().push(address);
        }
        apps
    }

    /// The same with the example programs, unless the operator registered these otherwise.
    #[must_use]
    pub fn with_examples(mut self) -> Self {
        let examples = EXAMPLES.iter().filter_map(|text| text.parse::<AppAddress>().ok());
        for AppAddress { app, address } in examples {
            self.0.entry(app).or_insert_with(|| vec![address]);
        }
        self
    }

    /// Whether there is an app of this name.
    #[must_use]
    pub fn has(&self, app: &str) -> bool {
        self.0.contains_key(app)
    }

    /// Whether the browser may be led to this address for this app.
    #[must_use]
    pub fn may_lead(&self, app: &str, address: &str) -> bool {
        self.0.get(app).is_some_and(|own| own.iter().any(|own| own.is(address)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_registered_by_an_address_that_is_its_own() {
        for (text, expected) in [
            ("diary=https://app.example.org/signed-in", Ok(())),
            ("diary=https://app.example.org/a?b=c", Ok(())),
            ("a.b_c-1=org.example.app:/back", Ok(())),
            ("diary=http://127.0.0.1/back", Ok(())),
            ("diary=http://[::1]/back", Ok(())),
            ("diary", Err(AppAddressError::Form)),
            ("=https://app.example.org/", Err(AppAddressError::Name)),
            ("Diary=https://app.example.org/", Err(AppAddressError::Name)),
            ("дневник=https://app.example.org/", Err(AppAddressError::Name)),
            ("diary=", Err(AppAddressError::Address)),
            ("diary=/back", Err(AppAddressError::Address)),
            ("diary=https://app.example.org", Err(AppAddressError::Address)),
            ("diary=https://APP.example.org/", Err(AppAddressError::Address)),
            ("diary=https://app.example.org/#a", Err(AppAddressError::Address)),
            ("diary=https://me@app.example.org/", Err(AppAddressError::Address)),
            ("diary=https://app.example.org/a/../b", Err(AppAddressError::Address)),
            ("diary=http://app.example.org/", Err(AppAddressError::Kind)),
            ("diary=http://localhost/back", Err(AppAddressError::Kind)),
            ("diary=http://127.0.0.1:80/back", Err(AppAddressError::Address)),
            ("diary=http://127.0.0.1:4100/back", Err(AppAddressError::Kind)),
            ("diary=javascript:alert(1)", Err(AppAddressError::Kind)),
            ("diary=data:text/html,x", Err(AppAddressError::Kind)),
            ("diary=intent:x", Err(AppAddressError::Kind)),
            ("diary=file:///etc/passwd", Err(AppAddressError::Kind)),
        ] {
            assert_eq!(text.parse::<AppAddress>().map(|_| ()), expected, "{text}");
        }
    }

    #[test]
    fn only_a_registered_address_is_led_to() {
        let texts = [
            "link=https://app.example.org/back?a=1",
            "own=org.example.app:/back",
            "here=http://127.0.0.1/back",
        ];
        let apps = Apps::new(texts.iter().map(|text| text.parse().unwrap()));
        for (app, address, may) in [
            ("link", "https://app.example.org/back?a=1", true),
            ("link", "https://app.example.org/back", false),
            ("link", "https://app.example.org/back?a=1&b=2", false),
            ("link", "https://app.example.org:443/back?a=1", false),
            ("link", "https://app.example.org.evil.example/back?a=1", false),
            ("link", "http://127.0.0.1:4100/back", false),
            ("own", "org.example.app:/back", true),
            ("own", "org.example.app://back", false),
            ("own", "ORG.example.app:/back", false),
            ("here", "http://127.0.0.1:4100/back", true),
            ("here", "http://127.0.0.1:1/back", true),
            ("here", "http://[::1]:65535/back", true),
            ("here", "http://127.0.0.1/back", false),
            ("here", "http://127.0.0.1:/back", false),
            ("here", "http://127.0.0.1:0/back", false),
            ("here", "http://127.0.0.1:04100/back", false),
            ("here", "http://127.0.0.1:+4100/back", false),
            ("here", "http://127.0.0.1:65536/back", false),
            ("here", "http://127.0.0.1:4100/back/", false),
            ("here", "http://127.0.0.1:4100/back?x", false),
            ("here", "http://127.0.0.1:4100/back#x", false),
            ("here", "http://127.0.0.1:4100@evil.example/back", false),
            ("here", "http://127.0.0.1:4100/x/back", false),
            ("here", "http://127.0.0.1.evil.example:4100/back", false),
            ("here", "http://localhost:4100/back", false),
            ("here", "https://127.0.0.1:4100/back", false),
            ("nobody", "http://127.0.0.1:4100/back", false),
            ("", "", false),
        ] {
            assert_eq!(apps.may_lead(app, address), may, "{app} {address}");
        }
    }

    #[test]
    fn the_examples_give_way_to_the_operator() {
        let own = "kotlin-diary=org.example.kotlin:/back".parse().unwrap();
        let apps = Apps::new([own]).with_examples();
        assert!(apps.may_lead("kotlin-diary", "org.example.kotlin:/back"));
        assert!(!apps.may_lead("kotlin-diary", "http://127.0.0.1:4100/callback"));
        assert!(apps.may_lead("swift-diary", "http://127.0.0.1:4100/callback"));
    }
}
