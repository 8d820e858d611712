//! The first step: what no role could accept is refused before anybody is looked up.

use alloc::string::String;
use core::fmt;

use super::{At, Attempt, EsiaPerson, Refusal, RefusalCode};
use crate::{
    identity::{Login, MobilePhone, Snils},
    letters::lower,
    policy::{AgeBand, MatchKey, Role, Rules, SignInPolicy},
};

/// By what an adapter looks people up.
///
/// ```
/// use eschool_core::{identity::Snils, signin::LookupKeys};
///
/// let keys = LookupKeys::Esia { snils: Snils::parse("112-233-445 95").ok(), phone: None };
/// assert_eq!(format!("{keys:?}"), "Esia(***)");
/// ```
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi::export(Debug))]
#[cfg_attr(
    feature = "wasm",
    derive(serde::Serialize, tsify::Tsify),
    serde(rename_all = "snake_case")
)]
pub enum LookupKeys {
    /// The login of a card, folded; whatever was typed, existing or not, so that the failures of
    /// a login that cannot exist are counted like any other's.
    Login(String),
    /// The keys of a person that ЕСИА vouches for, those the policy matches by.
    Esia {
        /// The СНИЛС.
        #[cfg_attr(feature = "wasm", serde(skip_serializing_if = "Option::is_none"))]
        snils: Option<Snils>,
        /// The verified phone.
        #[cfg_attr(feature = "wasm", serde(skip_serializing_if = "Option::is_none"))]
        phone: Option<MobilePhone>,
    },
}

impl fmt::Debug for LookupKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Login(_) => "Login(***)",
            Self::Esia { .. } => "Esia(***)",
        })
    }
}

/// Refuses what no role could accept, and says by which keys to look somebody up.
///
/// ```
/// use chrono::DateTime;
/// use eschool_core::{
///     policy::SignInPolicy,
///     signin::{At, Attempt, LookupKeys, PasswordAttempt, admit},
/// };
///
/// let at = At { instant: DateTime::UNIX_EPOCH, date: "2024-09-01".parse()? };
/// let attempt = Attempt::Password(PasswordAttempt { login: " PR7_Test".into() });
/// let keys = admit(&SignInPolicy::ryazan_2022(), &attempt, &at).unwrap();
/// assert_eq!(keys, LookupKeys::Login("pr7_test".into()));
/// # Ok::<(), chrono::ParseError>(())
/// ```
///
/// # Errors
/// `esia_not_confirmed` if no role of the policy accepts the type of the ЕСИА account,
/// `use_esia` if no role may use a password, `not_found` if ЕСИА told no key to match by.
pub fn admit(policy: &SignInPolicy, attempt: &Attempt, at: &At) -> Result<LookupKeys, Refusal> {
    let rules = policy.rules_on(at.date);
    match attempt {
        Attempt::Password(attempt) => {
            let bands = [AgeBand::Younger, AgeBand::Older];
            if bands.iter().any(|band| rules.allows_password(&Role::Pupil, Some(band))) {
                Ok(LookupKeys::Login(folded(&attempt.login)))
            } else {
                Err(Refusal::new(RefusalCode::UseEsia, rules))
            }
        }
        Attempt::Esia(person) => {
            if !rules.accepts_esia_of_anybody(&person.assurance) {
                return Err(Refusal::new(RefusalCode::EsiaNotConfirmed, rules));
            }
            let snils = person.snils.filter(|_| matches_by(rules, &MatchKey::Snils));
            let phone = person.verified_phone.filter(|_| matches_by(rules, &MatchKey::Phone));
            if snils.is_none() && phone.is_none() {
                return Err(Refusal::new(RefusalCode::NotFound, rules));
            }
            Ok(LookupKeys::Esia { snils, phone })
        }
    }
}

/// Whether a person of ЕСИА may accept an invitation to work in a school, and the СНИЛС by which
/// the school will know them.
///
/// The invitation itself proves that the school wants somebody; ЕСИА proves who it is, as strictly
/// as at any later sign-in of staff.
///
/// ```
/// use chrono::DateTime;
/// use eschool_core::{
///     policy::SignInPolicy,
///     signin::{At, EsiaPerson, RefusalCode, admit_invited},
/// };
///
/// let person: EsiaPerson = serde_json::from_str(
///     r#"{"oid": "1000299353", "assurance": "unconfirmed", "snils": "112-233-445 95",
///         "name": {"family": "Ёлкина", "given": "Анна", "patronymic": "missing"}}"#,
/// )?;
/// let at = At { instant: DateTime::UNIX_EPOCH, date: "2024-09-01".parse().unwrap() };
/// let refusal = admit_invited(&SignInPolicy::ryazan_2022(), &person, &at).unwrap_err();
/// assert_eq!(refusal.code, RefusalCode::EsiaNotConfirmed);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// `esia_not_confirmed` if the policy does not let staff in with this type of ЕСИА account,
/// `not_found` if ЕСИА told no СНИЛС: nobody could be found by it again.
pub fn admit_invited(
    policy: &SignInPolicy,
    person: &EsiaPerson,
    at: &At,
) -> Result<Snils, Refusal> {
    let rules = policy.rules_on(at.date);
    if !rules.accepts_esia(&Role::Staff, None, &person.assurance) {
        let mut refusal = Refusal::new(RefusalCode::EsiaNotConfirmed, rules);
        refusal.details.accounts.retain(|account| rules.accepts_esia(&Role::Staff, None, account));
        return Err(refusal);
    }
    person.snils.ok_or_else(|| Refusal::new(RefusalCode::NotFound, rules))
}

/// A typed login in the form logins have; what cannot be a login is folded all the same, and cut
/// where no login reaches.
fn folded(typed: &str) -> String {
    typed.parse::<Login>().map_or_else(
        |_| typed.trim().chars().map(lower).take(100).collect(),
        |login| login.as_str().into(),
    )
}

fn matches_by(rules: &Rules, key: &MatchKey) -> bool {
    rules.matching.iter().any(|rule| rule.key == *key)
}
