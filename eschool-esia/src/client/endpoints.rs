//! Where ЕСИА is.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::{Profile, SettingsError};

/// The addresses of ЕСИА.
///
/// ```
/// use eschool_esia::client::Endpoints;
///
/// let local = Endpoints::at(&"http://127.0.0.1:8010".parse()?);
/// assert_eq!(local.token.as_str(), "http://127.0.0.1:8010/aas/oauth2/v3/te");
/// assert_eq!(Endpoints::production().data.as_str(), "https://esia.gosuslugi.ru/rs");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Endpoints {
    /// Where the browser goes to sign in.
    pub authorize: Url,
    /// Where codes are exchanged for tokens.
    pub token: Url,
    /// Under which the data of people lie, with or without the last slash.
    pub data: Url,
    /// Where the browser goes to sign out.
    pub logout: Url,
}

impl Endpoints {
    /// The state's own, `esia.gosuslugi.ru`, with the interface v2/v3.
    #[must_use]
    pub fn production() -> Self {
        Self::at(&constant("https://esia.gosuslugi.ru"))
    }

    /// The state's test stand, `esia-portal1.test.gosuslugi.ru`, with the interface v2/v3.
    #[must_use]
    pub fn test_stand() -> Self {
        Self::at(&constant("https://esia-portal1.test.gosuslugi.ru"))
    }

    /// Under another address: an emulator, or a proxy on the way. The interface is v2/v3.
    #[must_use]
    pub fn at(base: &Url) -> Self {
        Self {
            authorize: below(base, &["aas", "oauth2", "v2", "ac"]),
            token: below(base, &["aas", "oauth2", "v3", "te"]),
            data: below(base, &["rs"]),
            logout: below(base, &["idp", "ext", "Logout"]),
        }
    }

    /// The state's own with the old interface.
    #[must_use]
    pub fn legacy_production() -> Self {
        Self::legacy_at(&constant("https://esia.gosuslugi.ru"))
    }

    /// The state's test stand with the old interface.
    #[must_use]
    pub fn legacy_test_stand() -> Self {
        Self::legacy_at(&constant("https://esia-portal1.test.gosuslugi.ru"))
    }

    /// Under another address, with the old interface.
    ///
    /// ```
    /// use eschool_esia::client::Endpoints;
    ///
    /// let local = Endpoints::legacy_at(&"http://127.0.0.1:8010".parse()?);
    /// assert_eq!(local.token.as_str(), "http://127.0.0.1:8010/aas/oauth2/te");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn legacy_at(base: &Url) -> Self {
        Self {
            authorize: below(base, &["aas", "oauth2", "ac"]),
            token: below(base, &["aas", "oauth2", "te"]),
            ..Self::at(base)
        }
    }

    /// Refuses the other interface's own paths, which answer every signature of this one with a
    /// code that tells nothing. Other paths may be a proxy's.
    pub(super) fn check_profile(&self, profile: Profile) -> Result<(), SettingsError> {
        let other = match profile {
            Profile::V3 => ["/aas/oauth2/ac", "/aas/oauth2/te"],
            Profile::Legacy => ["/aas/oauth2/v2/ac", "/aas/oauth2/v3/te"],
        };
        let paths = [self.authorize.path(), self.token.path()];
        if paths.iter().zip(other).any(|(path, other)| path.ends_with(other)) {
            return Err(SettingsError::ProfileEndpoints { profile });
        }
        Ok(())
    }

    /// Refuses what would send tokens through the net unencrypted; a machine may talk to itself.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        for (field, url) in [
            ("authorize", &self.authorize),
            ("token", &self.token),
            ("data", &self.data),
            ("logout", &self.logout),
        ] {
            if !is_confidential(url) {
                return Err(SettingsError::Endpoint { field });
            }
        }
        Ok(())
    }
}

/// Whether nobody on the way can read what goes to this address.
pub(crate) fn is_confidential(url: &Url) -> bool {
    let loopback = || match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => url.has_host(),
        "http" => loopback(),
        _ => false,
    }
}

/// Whether an address names this machine itself, by a number or by the name that has no other meaning
/// (RFC 6761 §6.3). A name that only the resolver leads here cannot be told from others.
pub(super) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        // nobody has the address 0.0.0.0: what is sent there stays here
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => {
            let address = address.to_canonical();
            address.is_loopback() || address.is_unspecified()
        }
        None => false,
    }
}

/// The address with these segments added to its path.
pub(super) fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    // What has no path, like `mailto:`, stays as it is, and `check` refuses it.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// Whether an address that somebody named lies below this one: at the same server and port, by the
/// same scheme, without a user, and in its folder.
pub(super) fn is_below(base: &Url, url: &Url) -> bool {
    let bare = url.username().is_empty() && url.password().is_none();
    let folder = base.path().trim_end_matches('/');
    let inside = url.path().strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    bare && inside && base.has_host() && base.origin() == url.origin()
}

#[expect(clippy::expect_used, reason = "every constant is read by a test")]
fn constant(text: &str) -> Url {
    text.parse().expect("an address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_are_those_of_the_facts() {
        let production = Endpoints::production();
        for (url, expected) in [
            (&production.authorize, "https://esia.gosuslugi.ru/aas/oauth2/v2/ac"),
            (&production.token, "https://esia.gosuslugi.ru/aas/oauth2/v3/te"),
            (&production.logout, "https://esia.gosuslugi.ru/idp/ext/Logout"),
            (&below(&production.data, &["prns", "1"]), "https://esia.gosuslugi.ru/rs/prns/1"),
            (&Endpoints::legacy_production().authorize, "https://esia.gosuslugi.ru/aas/oauth2/ac"),
            (
                &Endpoints::legacy_test_stand().token,
                "https://esia-portal1.test.gosuslugi.ru/aas/oauth2/te",
            ),
            (&Endpoints::legacy_production().data, "https://esia.gosuslugi.ru/rs"),
            (
                &Endpoints::test_stand().authorize,
                "https://esia-portal1.test.gosuslugi.ru/aas/oauth2/v2/ac",
            ),
            (
                &Endpoints::at(&"http://localhost:1/esia/".parse().unwrap()).data,
                "http://localhost:1/esia/rs",
            ),
        ] {
            assert_eq!(url.as_str(), expected);
        }
    }

    #[test]
    fn unencrypted_addresses_are_for_the_machine_itself() {
        for (base, sound) in [
            ("https://esia.gosuslugi.ru", true),
            ("http://127.0.0.1:8010", true),
            ("http://127.1.2.3", true),
            ("http://[::1]:8010", true),
            ("http://localhost:8010", true),
            ("http://esia.gosuslugi.ru", false),
            ("http://192.168.0.1", false),
            ("http://localhost.example.ru", false),
            ("ftp://127.0.0.1", false),
            ("mailto:esia@example.ru", false),
        ] {
            let checked = Endpoints::at(&base.parse().unwrap()).check();
            assert_eq!(checked.is_ok(), sound, "{base}");
        }
    }

    #[test]
    fn this_machine_is_known_by_its_numbers_and_its_name() {
        for (host, expected) in [
            ("127.0.0.1", true),
            ("127.9.8.7:8443", true),
            ("2130706433", true),
            ("0.0.0.0", true),
            ("[::1]", true),
            ("[::]", true),
            ("[::ffff:127.0.0.1]", true),
            ("localhost", true),
            ("LOCALHOST.", true),
            ("admin.localhost", true),
            ("192.168.0.1", false),
            ("[2001:db8::1]", false),
            ("localhost.example.ru", false),
            ("notlocalhost", false),
        ] {
            let url = format!("https://{host}/x").parse().unwrap();
            assert_eq!(is_this_machine(&url), expected, "{host}");
        }
    }

    #[test]
    fn only_the_same_server_and_folder_are_below() {
        for (url, expected) in [
            ("https://esia.example/rs/prns/1/ctts/2", true),
            ("https://esia.example:443/rs/prns/1", true),
            ("https://ESIA.example/rs/?x=1#y", true),
            ("https://esia.example/rs", false),
            ("https://esia.example/rsx/prns", false),
            ("https://esia.example/rs/../aas/oauth2/v3/te", false),
            ("https://esia.example/rs/%2e%2E/aas", false),
            ("https://esia.example/", false),
            ("https://esia.example:444/rs/prns/1", false),
            ("http://esia.example/rs/prns/1", false),
            ("https://esia.example.evil/rs/prns/1", false),
            ("https://evil@esia.example/rs/prns/1", false),
            ("https://esia.example@evil/rs/prns/1", false),
            ("file:///rs/prns/1", false),
        ] {
            for base in ["https://esia.example/rs", "https://esia.example/rs/"] {
                let (base, url) = (base.parse().unwrap(), url.parse().unwrap());
                assert_eq!(is_below(&base, &url), expected, "{url}");
            }
        }
    }
}
