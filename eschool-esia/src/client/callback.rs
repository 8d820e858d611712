//! What the browser brings back from ЕСИА.

use std::{borrow::Cow, fmt};

use url::form_urlencoded;

use super::{EsiaCode, EsiaError};

/// The parameters with which ЕСИА sends the browser back: a code, or an error; and the state.
///
/// ```
/// use eschool_esia::client::{Callback, EsiaError};
///
/// let callback = Callback::parse("code=eyJ2ZXIi&state=0f8fad5b-d9cb-469f-a165-70867728950e")?;
/// assert_eq!(callback.state(), "0f8fad5b-d9cb-469f-a165-70867728950e");
///
/// let twice = Callback::parse("code=a&code=b&state=c");
/// assert!(matches!(twice, Err(EsiaError::CallbackAmbiguous)));
/// # Ok::<(), EsiaError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Callback {
    state: String,
    issuer: Option<String>,
    outcome: Outcome,
}

#[derive(Clone, PartialEq, Eq)]
enum Outcome {
    Code(String),
    Refused { denied: bool, code: Option<EsiaCode> },
}

impl Callback {
    /// The longest query that is read, in bytes. The code is a token of about a kilobyte, and
    /// nothing promises that it will not grow.
    pub const LONGEST: usize = 64 * 1024;

    /// Reads the query of the redirect URI, with or without its question mark. Parameters that
    /// ЕСИА does not document are passed over.
    ///
    /// # Errors
    /// [`EsiaError::CallbackTooLong`], [`EsiaError::CallbackAmbiguous`] where a parameter stands
    /// twice or a code stands beside an error, [`EsiaError::CallbackIncomplete`] without a state or
    /// with neither.
    pub fn parse(query: &str) -> Result<Self, EsiaError> {
        if query.len() > Self::LONGEST {
            return Err(EsiaError::CallbackTooLong);
        }
        let query = query.strip_prefix('?').unwrap_or(query);
        let [mut state, mut code, mut error, mut description, mut issuer] = [const { None }; 5];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "state" => &mut state,
                "code" => &mut code,
                "error" => &mut error,
                "error_description" => &mut description,
                "iss" => &mut issuer,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return Err(EsiaError::CallbackAmbiguous);
            }
        }
        let state = state.filter(|state| !state.is_empty()).ok_or(EsiaError::CallbackIncomplete)?;
        let outcome = match (code, error) {
            (Some(_), Some(_)) => return Err(EsiaError::CallbackAmbiguous),
            (Some(code), None) if !code.is_empty() => Outcome::Code(code.into_owned()),
            (None, Some(error)) => Outcome::Refused {
                denied: error == "access_denied",
                code: description.as_deref().and_then(EsiaCode::parse),
            },
            (_, None) => return Err(EsiaError::CallbackIncomplete),
        };
        let issuer = issuer.map(Cow::into_owned);
        Ok(Self { state: state.into_owned(), issuer, outcome })
    }

    /// The state it came with: by it the attempt is found that was kept in the browser. It proves
    /// nothing until [`EsiaClient::finish`](super::EsiaClient::finish) has compared the two.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Who it says it comes from (`iss`, RFC 9207): a gateway may say it, ЕСИА does not.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The authorization code.
    pub(super) fn code(&self) -> Result<&str, EsiaError> {
        match &self.outcome {
            Outcome::Code(code) => Ok(code),
            Outcome::Refused { denied: true, code: None } => Err(EsiaError::Denied),
            Outcome::Refused { code, .. } => Err(EsiaError::refused(*code)),
        }
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Code(_) => f.write_str("Callback(***)"),
            Outcome::Refused { code: Some(code), .. } => write!(f, "Callback({code})"),
            Outcome::Refused { .. } => f.write_str("Callback(refused)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use eschool_core::error::CodedError as _;
    use proptest::prelude::*;

    use super::*;

    fn code_of(query: &str) -> Result<String, &'static str> {
        let callback = Callback::parse(query).map_err(|error| error.code())?;
        callback.code().map(String::from).map_err(|error| error.code())
    }

    #[test]
    fn queries_are_judged_as_documented() {
        for (query, expected) in [
            ("code=a.b.c&state=s", Ok("a.b.c")),
            ("?state=s&code=a%2Bb", Ok("a+b")),
            ("code=a&state=s&session_state=x&session_state=y", Ok("a")),
            ("", Err("esia_callback_incomplete")),
            ("state=s", Err("esia_callback_incomplete")),
            ("code=a", Err("esia_callback_incomplete")),
            ("code=a&state=", Err("esia_callback_incomplete")),
            ("code=&state=s", Err("esia_callback_incomplete")),
            ("error_description=ESIA-007004&state=s", Err("esia_callback_incomplete")),
            ("code=a&code=a&state=s", Err("esia_callback_ambiguous")),
            ("code=a&state=s&state=s", Err("esia_callback_ambiguous")),
            ("code=a&state=s&error=access_denied", Err("esia_callback_ambiguous")),
            ("error=a&error=b&state=s", Err("esia_callback_ambiguous")),
            ("code=a&state=s&iss=x&iss=x", Err("esia_callback_ambiguous")),
            ("error=access_denied&state=s", Err("esia_denied")),
            (
                "error=access_denied&error_description=ESIA-007004%3A+denied&state=s",
                Err("esia_denied"),
            ),
            (
                "error=access_denied&error_description=ESIA-007055%3A+not+confirmed&state=s",
                Err("esia_not_confirmed"),
            ),
            ("error=access_denied&error_description=ESIA-007019&state=s", Err("esia_refused")),
            ("error=server_error&error_description=who+knows&state=s", Err("esia_refused")),
            ("error=&state=s", Err("esia_refused")),
        ] {
            assert_eq!(code_of(query).as_deref().map_err(|code| *code), expected, "{query}");
        }
    }

    #[test]
    fn a_long_code_is_read_and_an_endless_one_is_not() {
        let long = "x".repeat(60 * 1024);
        assert_eq!(code_of(&format!("code={long}&state=s")), Ok(long.clone()));
        let endless = format!("code={long}{long}&state=s");
        assert_eq!(code_of(&endless), Err("esia_callback_too_long"));
    }

    #[test]
    fn debug_tells_neither_code_nor_state() {
        let callback = Callback::parse("code=secret&state=hidden").unwrap();
        assert_eq!(format!("{callback:?}"), "Callback(***)");
    }

    proptest! {
        #[test]
        fn any_query_is_taken(query in any::<String>()) {
            let _ = Callback::parse(&query);
        }
    }
}
