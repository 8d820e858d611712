//! What the operator sets.

use chrono::{FixedOffset, Offset as _, Utc};
use serde::{Deserialize, Deserializer};
use url::Url;

use super::{
    AccessType, ChildFields, Endpoints, PersonFilter, Pkce, Profile, RefreshSigning, SettingsError,
    TokenKey,
    endpoints::is_confidential,
    http::Net,
    limits::{self, Limits},
};

/// How this system signs people in through ЕСИА directly, by its interface v2/v3 or the old one.
///
/// ```
/// use eschool_esia::client::EsiaSettings;
///
/// let settings: EsiaSettings = serde_json::from_str(
///     r#"{"clientId": "PORTAL62",
///         "redirectUri": "https://school.example.ru/esia",
///         "endpoints": {
///             "authorize": "https://esia.gosuslugi.ru/aas/oauth2/v2/ac",
///             "token": "https://esia.gosuslugi.ru/aas/oauth2/v3/te",
///             "data": "https://esia.gosuslugi.ru/rs/",
///             "logout": "https://esia.gosuslugi.ru/idp/ext/Logout"},
///         "issuer": "http://esia.gosuslugi.ru/",
///         "tokenKeys": []}"#,
/// )?;
/// assert_eq!(settings.scopes.join(" "), "openid fullname birthdate snils mobile email");
/// assert_eq!(settings.utc_offset.to_string(), "+03:00");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EsiaSettings {
    /// The mnemonic (*мнемоника*) under which the system is registered at ЕСИА.
    pub client_id: String,
    /// Where ЕСИА sends the browser back to; its domain is registered at ЕСИА. Begins with https
    /// (http on the machine itself) and holds neither a user nor a fragment.
    pub redirect_uri: Url,
    /// What is asked for, in this order; `openid` must be among it, since it brings the id_token.
    /// With `kid_fullname`, `kid_birthdate` or `kid_snils` the children are asked for too.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// Where ЕСИА is.
    pub endpoints: Endpoints,
    /// Which interface is there, `v3` or `legacy`. The signer's form goes with it.
    #[serde(default)]
    pub profile: Profile,
    /// How ЕСИА names itself in tokens, compared byte for byte: `http://esia.gosuslugi.ru/` (http,
    /// with the slash), on the test stand `http://esia-portal1.test.gosuslugi.ru/`.
    pub issuer: String,
    /// The keys that ЕСИА signs tokens with, at least one, of the kind that was chosen for its
    /// tokens when the system was registered: RSA for `RS256`, ГОСТ for `GOST3410_2012_256`.
    pub token_keys: Vec<TokenKey>,
    /// How far the clocks of ЕСИА and of this machine may be apart, in seconds, at most 300.
    #[serde(default = "limits::clock_skew_seconds")]
    pub clock_skew_seconds: u32,
    /// How long one request may take, in seconds, 1 to 60.
    #[serde(default = "limits::timeout_seconds")]
    pub timeout_seconds: u32,
    /// How long all requests of one sign-in may take together, in seconds, 1 to 120. Children leave its
    /// last second to the rest: with 1 they are not asked for.
    #[serde(default = "limits::deadline_seconds")]
    pub deadline_seconds: u32,
    /// How long a person may stay at ЕСИА, in minutes, 1 to 60.
    #[serde(default = "limits::attempt_minutes")]
    pub attempt_minutes: u32,
    /// How often a request of data whose connection fails is sent again, at most 3. The exchange
    /// of the code is never repeated: a code is good once.
    #[serde(default = "limits::data_retries")]
    pub data_retries: u8,
    /// How many sign-ins may be under way at once, 1 to 1024: those that talk to ЕСИА or wait for
    /// a signature, not people who are at ЕСИА. Whoever comes while there are as many waits for a
    /// second, and is then told to try again.
    #[serde(default = "limits::max_under_way")]
    pub max_under_way: u16,
    /// Whether a sign-in brings a refresh token, `online` (no) or `offline`.
    #[serde(default)]
    pub access_type: AccessType,
    /// What is signed when tokens are refreshed, `as_authorize` or `with_token`.
    #[serde(default)]
    pub refresh_signing: RefreshSigning,
    /// Whom alone ЕСИА is asked to sign in, `conf_acc`, `acc_kid` or `acc_not_kid`; absent: anybody.
    #[serde(default)]
    pub person_filter: Option<PersonFilter>,
    /// PKCE, `off`, `s256` or `gost3411`.
    #[serde(default)]
    pub pkce: Pkce,
    /// The offset in which the `timestamp` of requests is written, `+03:00`.
    #[serde(default = "moscow", deserialize_with = "offset")]
    pub utc_offset: FixedOffset,
    /// Certificates (PEM) to trust for TLS besides those of the machine: the test stand and the
    /// Russian root certificates need them.
    #[serde(default)]
    pub extra_roots_pem: Option<String>,
    /// Whether requests over https go through the proxy that the machine is set to (`HTTPS_PROXY`,
    /// `ALL_PROXY`, `NO_PROXY`). Requests to the machine itself over http never do.
    #[serde(default)]
    pub use_system_proxy: bool,
    /// Whether the clock of this machine is corrected by that of ЕСИА (`Date` of its answers): for
    /// the `timestamp` of requests and for judging tokens, by an hour at most. For machines whose
    /// clock cannot be set right; the log tells of a correction.
    #[serde(default)]
    pub correct_clock: bool,
    /// Whether tokens that were issued before the sign-in began are refused, as ones used again
    /// (`esia_token_reused`). No source tells of ЕСИА giving an older token to whoever is signed in
    /// there already; should it do so, this has to be turned off.
    #[serde(default = "fresh_tokens_alone")]
    pub fresh_tokens_alone: bool,
    /// Under which names the fields of a child come.
    #[serde(default)]
    pub child_fields: ChildFields,
}

const fn fresh_tokens_alone() -> bool {
    true
}

fn scopes() -> Vec<String> {
    ["openid", "fullname", "birthdate", "snils", "mobile", "email"].map(String::from).into()
}

/// The time of Moscow, in which the examples of every open implementation are.
fn moscow() -> FixedOffset {
    FixedOffset::east_opt(3 * 60 * 60).unwrap_or_else(|| Utc.fix())
}

fn offset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FixedOffset, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

impl EsiaSettings {
    /// Settings with the defaults of every field that has one.
    #[must_use]
    pub fn new(
        client_id: impl Into<String>,
        redirect_uri: Url,
        endpoints: Endpoints,
        issuer: impl Into<String>,
        token_keys: Vec<TokenKey>,
    ) -> Self {
        Self {
            client_id: client_id.into(),
            redirect_uri,
            scopes: scopes(),
            endpoints,
            profile: Profile::default(),
            issuer: issuer.into(),
            token_keys,
            clock_skew_seconds: limits::clock_skew_seconds(),
            timeout_seconds: limits::timeout_seconds(),
            deadline_seconds: limits::deadline_seconds(),
            attempt_minutes: limits::attempt_minutes(),
            data_retries: limits::data_retries(),
            max_under_way: limits::max_under_way(),
            access_type: AccessType::default(),
            refresh_signing: RefreshSigning::default(),
            person_filter: None,
            pkce: Pkce::default(),
            utc_offset: moscow(),
            extra_roots_pem: None,
            use_system_proxy: false,
            correct_clock: false,
            fresh_tokens_alone: fresh_tokens_alone(),
            child_fields: ChildFields::default(),
        }
    }

    /// Refuses settings under which no sign-in could work or be safe.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        check_client(&self.client_id)?;
        check_redirect(&self.redirect_uri)?;
        if self.issuer.trim().is_empty() {
            return Err(SettingsError::Issuer);
        }
        check_scopes(&self.scopes)?;
        self.endpoints.check()?;
        self.endpoints.check_profile(self.profile)?;
        self.child_fields.check()?;
        self.limits().check()
    }

    /// The scopes as ЕСИА takes them.
    pub(super) fn scope(&self) -> String {
        self.scopes.join(" ")
    }

    /// Whether the scopes hold anything that the contacts are asked for.
    pub(super) fn asks_for_contacts(&self) -> bool {
        self.scopes.iter().any(|scope| matches!(scope.as_str(), "mobile" | "email" | "contacts"))
    }

    /// Whether the scopes hold anything of the person's children.
    pub(super) fn asks_for_children(&self) -> bool {
        self.scopes.iter().any(|scope| scope.starts_with("kid_"))
    }

    pub(super) const fn limits(&self) -> Limits {
        Limits {
            clock_skew_seconds: self.clock_skew_seconds,
            timeout_seconds: self.timeout_seconds,
            deadline_seconds: self.deadline_seconds,
            attempt_minutes: self.attempt_minutes,
            data_retries: self.data_retries,
            max_under_way: self.max_under_way,
        }
    }

    pub(super) fn net(&self) -> Net<'_> {
        Net {
            timeout: self.limits().timeout(),
            extra_roots_pem: self.extra_roots_pem.as_deref(),
            use_system_proxy: self.use_system_proxy,
        }
    }
}

/// Whether a text is one word of visible characters.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

pub(super) fn check_client(id: &str) -> Result<(), SettingsError> {
    if is_word(id) { Ok(()) } else { Err(SettingsError::ClientId) }
}

pub(super) fn check_redirect(back: &Url) -> Result<(), SettingsError> {
    let bare = back.username().is_empty() && back.password().is_none();
    if is_confidential(back) && bare && back.fragment().is_none() {
        Ok(())
    } else {
        Err(SettingsError::RedirectUri)
    }
}

pub(super) fn check_scopes(scopes: &[String]) -> Result<(), SettingsError> {
    let openid = scopes.iter().any(|scope| scope == "openid");
    if openid && scopes.iter().all(|scope| is_word(scope)) {
        Ok(())
    } else {
        Err(SettingsError::Scopes)
    }
}
