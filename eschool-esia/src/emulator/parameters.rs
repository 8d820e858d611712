//! The parameters of a request.

use url::form_urlencoded;

use super::{RefusalCode, fault::Fault, reason::ParameterReason};

/// The parameters that ЕСИА knows.
const KNOWN: [&str; 19] = [
    "access_type",
    "client_certificate_hash",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "grant_type",
    "person_filter",
    "redirect_uri",
    "redirect_url",
    "refresh_token",
    "response_type",
    "scope",
    "scope_org",
    "state",
    "timestamp",
    "token_type",
];

/// What came in a query or a form, in its order.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads `application/x-www-form-urlencoded`; every text reads as something.
    pub(super) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// A parameter that stands once at most, as it came.
    pub(super) fn once(&self, name: &'static str) -> Result<Option<&str>, Fault> {
        let mut values = self.0.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => {
                Err(Fault::new(RefusalCode::PARAMETER, ParameterReason::Repeated(name)))
            }
            (value, None) => Ok(value),
        }
    }

    /// The same; where it does not stand, nothing.
    pub(super) fn once_or_empty(&self, name: &'static str) -> Result<&str, Fault> {
        Ok(self.once(name)?.unwrap_or_default())
    }

    /// A parameter that must stand once and say something.
    pub(super) fn needed(&self, name: &'static str) -> Result<&str, Fault> {
        let code = match name {
            "scope" => RefusalCode::SCOPE_MISSING,
            _ => RefusalCode::PARAMETER_MISSING,
        };
        self.once(name)?
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Fault::new(code, ParameterReason::Missing(name)))
    }

    /// A parameter that has one right value.
    pub(super) fn fixed(&self, name: &'static str, right: &'static str) -> Result<(), Fault> {
        if self.needed(name)? == right {
            Ok(())
        } else {
            Err(Fault::new(RefusalCode::PARAMETER, ParameterReason::Not { name, right }))
        }
    }

    /// Whether no parameter, known or not, stands twice.
    pub(super) fn none_repeated(&self) -> Result<(), Fault> {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        let twice = names.windows(2).find(|pair| pair.first() == pair.last());
        let Some(name) = twice.and_then(<[_]>::first) else { return Ok(()) };
        // what came is not repeated to anybody, but for the names that ЕСИА knows
        let known = KNOWN.into_iter().find(|known| known == name);
        let reason = known.map_or(ParameterReason::AnyRepeated, ParameterReason::Repeated);
        Err(Fault::new(RefusalCode::PARAMETER, reason))
    }
}
