//! Rules of the calendar that a newer version wrote.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::wire::Content;

/// A rule of the calendar that this version does not know: a word, or a word with what is said
/// under it. It is given back as it came.
///
/// ```
/// use eschool_core::calendar::UnknownRule;
///
/// let rule: UnknownRule = serde_json::from_str(r#"{"shortened": 30}"#)?;
/// assert_eq!(rule.as_str(), "shortened");
/// // One that is known is none, however it is written.
/// assert!(serde_json::from_str::<UnknownRule>(r#"{"working": "Moon"}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(type = "Unknown | { [rule: string]: unknown }")
)]
pub struct UnknownRule(Content);

impl UnknownRule {
    /// The word the rule goes by.
    #[must_use]
    pub fn as_str(&self) -> &str {
        word(&self.0).unwrap_or_default()
    }
}

fn word(content: &Content) -> Option<&str> {
    match content {
        Content::Text(word) => Some(word),
        Content::Map(said) if said.len() == 1 => said.keys().next().map(String::as_str),
        _ => None,
    }
}

impl<'de> Deserialize<'de> for UnknownRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let content = Content::deserialize(deserializer)?;
        match word(&content) {
            None => {
                Err(D::Error::custom("a rule of the calendar is a word, or one with a content"))
            }
            Some("vacation" | "holiday" | "working") => {
                Err(D::Error::custom("the rule is known, but what is said of it is malformed"))
            }
            Some(_) => Ok(Self(content)),
        }
    }
}

impl fmt::Debug for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnknownRule").field(&self.as_str()).finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::calendar::CalendarRule;

    #[test]
    fn a_rule_of_a_newer_version_is_given_back_as_it_came() {
        for json in [
            r#""quarantine""#,
            r#""""#,
            r#"{"shortened":30}"#,
            r#"{"shift":{"from":null,"of":["7А",-1,0.5],"to":2}}"#,
        ] {
            let rule: CalendarRule = serde_json::from_str(json).unwrap();
            assert!(matches!(rule, CalendarRule::Unknown(_)), "{json}");
            assert_eq!(serde_json::to_string(&rule).unwrap(), json);
        }
    }

    #[test]
    fn a_known_rule_with_a_wrong_content_is_an_error() {
        for json in [
            r#""working""#,
            r#"{"working":"Moon"}"#,
            r#"{"working":1}"#,
            r#"{"vacation":30}"#,
            r#"{"holiday":{}}"#,
            r#"{"shortened":30,"working":"Mon"}"#,
            "{}",
            "30",
            "null",
            r#"["holiday"]"#,
        ] {
            assert!(serde_json::from_str::<CalendarRule>(json).is_err(), "{json}");
        }
    }
}
