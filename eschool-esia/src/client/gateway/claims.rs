//! Under which names a gateway tells what.

use chrono::NaiveDate;
use eschool_core::identity::BirthDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::client::SettingsError;

/// The names of a gateway's claims, in the id_token or at the userinfo endpoint; where both have
/// one, that of userinfo counts.
///
/// A name that begins with `/` is a JSON Pointer (RFC 6901) into an object: `/esia/snils`. The
/// defaults are the standard claims where OpenID Connect Core §5.1 has one. No source tells how
/// the certified gateways name the others, so each has to be compared with the gateway's own
/// documents.
///
/// ```
/// use eschool_esia::client::{BirthDateFormat, GatewayClaims};
///
/// let claims: GatewayClaims = serde_json::from_str(
///     r#"{"patronymic": "/esia/middleName", "birthDateFormat": "dotted"}"#,
/// )?;
/// assert_eq!(claims.patronymic, "/esia/middleName");
/// assert_eq!(claims.birth_date_format, BirthDateFormat::Dotted);
/// assert_eq!(claims.level_confirmed, ["PR"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct GatewayClaims {
    /// The person's number; `sub`. Where the gateway's `sub` is a number of its own and another
    /// claim holds that of ЕСИА, the latter lets people be known again after a change of gateway.
    pub oid: String,
    /// The family name; `family_name`.
    pub family: String,
    /// The given name; `given_name`.
    pub given: String,
    /// The patronymic; `middle_name`.
    pub patronymic: String,
    /// The birth date; `birthdate`.
    pub birth_date: String,
    /// How it is written.
    pub birth_date_format: BirthDateFormat,
    /// The СНИЛС; `snils`.
    pub snils: String,
    /// The mobile phone; `phone_number`.
    pub phone: String,
    /// Whether it is verified, `true`; `phone_number_verified`. Else the phone counts as absent.
    pub phone_verified: String,
    /// The e-mail; `email`.
    pub email: String,
    /// Whether it is verified, `true`; `email_verified`. Else the e-mail counts as absent.
    pub email_verified: String,
    /// The type of the account in ЕСИА; `urn:esia:sbj:lvl`, as ЕСИА itself has it. Without it
    /// every account counts as unconfirmed.
    pub level: String,
    /// Which of its values mean a confirmed account; `PR`. `true` and `false` are values too.
    pub level_confirmed: Vec<String>,
    /// Which mean a child's account; `KD`.
    pub level_child: Vec<String>,
    /// The children, a list of objects whose fields
    /// [`child_fields`](crate::client::GatewaySettings::child_fields) names; `children`.
    pub children: String,
}

/// How a gateway writes birth dates.
///
/// ```
/// use eschool_esia::client::BirthDateFormat;
///
/// assert_eq!(BirthDateFormat::default(), BirthDateFormat::Iso);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BirthDateFormat {
    /// `2000-05-26`, as OpenID Connect has it.
    #[default]
    Iso,
    /// `26.05.2000`, as ЕСИА has it.
    Dotted,
}

impl Default for GatewayClaims {
    fn default() -> Self {
        Self {
            oid: "sub".into(),
            family: "family_name".into(),
            given: "given_name".into(),
            patronymic: "middle_name".into(),
            birth_date: "birthdate".into(),
            birth_date_format: BirthDateFormat::default(),
            snils: "snils".into(),
            phone: "phone_number".into(),
            phone_verified: "phone_number_verified".into(),
            email: "email".into(),
            email_verified: "email_verified".into(),
            level: "urn:esia:sbj:lvl".into(),
            level_confirmed: vec!["PR".into()],
            level_child: vec!["KD".into()],
            children: "children".into(),
        }
    }
}

impl GatewayClaims {
    /// Refuses a claim without a name, and a level that means two things.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        for (field, name) in [
            ("oid", &self.oid),
            ("family", &self.family),
            ("given", &self.given),
            ("patronymic", &self.patronymic),
            ("birthDate", &self.birth_date),
            ("snils", &self.snils),
            ("phone", &self.phone),
            ("phoneVerified", &self.phone_verified),
            ("email", &self.email),
            ("emailVerified", &self.email_verified),
            ("level", &self.level),
            ("children", &self.children),
        ] {
            if name.trim().is_empty() {
                return Err(SettingsError::Claim { field });
            }
        }
        if self.level_child.iter().any(|level| self.level_confirmed.contains(level)) {
            return Err(SettingsError::Claim { field: "levelChild" });
        }
        Ok(())
    }
}

/// What a gateway said of somebody.
pub(super) struct Said(Map<String, Value>);

impl Said {
    /// The claims of the token, and over them those of userinfo that say something.
    pub(super) fn new(mut token: Map<String, Value>, userinfo: Map<String, Value>) -> Self {
        token.extend(userinfo.into_iter().filter(|(_, value)| !value.is_null()));
        Self(token)
    }

    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        let Some(pointer) = name.strip_prefix('/') else { return self.0.get(name) };
        let (first, rest) = pointer.split_once('/').map_or((pointer, None), |(a, b)| (a, Some(b)));
        let value = self.0.get(&first.replace("~1", "/").replace("~0", "~"))?;
        rest.map_or(Some(value), |rest| value.pointer(&format!("/{rest}")))
    }

    /// A text, or a number or a truth value as one; blank is absent.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = match self.value(name)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// Whether the claim is `true`, as a truth value or as a text.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.text(name).as_deref() == Some("true")
    }
}

impl BirthDateFormat {
    pub(super) fn read(self, text: &str) -> Option<BirthDate> {
        let format = match self {
            Self::Iso => "%Y-%m-%d",
            Self::Dotted => "%d.%m.%Y",
        };
        BirthDate::new(NaiveDate::parse_from_str(text, format).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(token: Value, userinfo: Value) -> Said {
        let object = |value: Value| value.as_object().unwrap().clone();
        Said::new(object(token), object(userinfo))
    }

    #[test]
    fn userinfo_goes_before_the_token() {
        let said = said(json!({"a": 1, "b": " x "}), json!({"a": "2", "b": null, "c": ""}));
        let texts = ["a", "b", "c", "d"].map(|name| said.text(name));
        assert_eq!(texts, [Some("2".into()), Some("x".into()), None, None]);
    }

    #[test]
    fn a_name_that_begins_with_a_slash_leads_into_objects() {
        let said = said(
            json!({"esia": {"snils": "1", "ids": ["2"]}, "https://a.b/c": "3", "d/e": "4"}),
            json!({}),
        );
        for (name, expected) in [
            ("/esia/snils", Some("1")),
            ("/esia/ids/0", Some("2")),
            ("https://a.b/c", Some("3")),
            ("/d~1e", Some("4")),
            ("/esia", None),
            ("/esia/none", None),
            ("/none/snils", None),
            ("/", None),
        ] {
            assert_eq!(said.text(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn only_true_holds() {
        let said = said(json!({"a": true, "b": "true", "c": 1, "d": "yes", "e": false}), json!({}));
        let held = ["a", "b", "c", "d", "e", "f"].map(|name| said.holds(name));
        assert_eq!(held, [true, true, false, false, false, false]);
    }

    #[test]
    fn a_date_is_read_as_it_is_set_and_not_otherwise() {
        use BirthDateFormat::{Dotted, Iso};
        let date: BirthDate = "2000-05-26".parse().unwrap();
        for (format, text, expected) in [
            (Iso, "2000-05-26", Some(date)),
            (Dotted, "26.05.2000", Some(date)),
            (Iso, "26.05.2000", None),
            (Dotted, "2000-05-26", None),
            (Iso, "0000-05-26", None),
            (Iso, "2000-02-30", None),
            (Iso, "2000", None),
        ] {
            assert_eq!(format.read(text), expected, "{text}");
        }
    }
}
