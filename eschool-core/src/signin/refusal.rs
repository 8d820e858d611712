//! A sign-in that failed, and what to do about it.

use alloc::{boxed::Box, vec::Vec};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Assurance, CaseCode};
use crate::{
    identity::AgeSpan,
    people::{ConsentGiver, ConsentPurpose, SchoolContacts},
    policy::{AgeBand, ConsentRule, Role, Rules},
    wire::wire_enum,
};

wire_enum! {
    /// Why a sign-in was refused. The order is that of precedence: where no role grants, the
    /// first that holds is the answer.
    ///
    /// [`EsiaNotConfirmed`](Self::EsiaNotConfirmed) holds of a role. Of an account that some role
    /// accepts it is told only once it is known who it is and what they are, so who is unknown with
    /// such an account, or two people, reads that.
    ///
    /// ```
    /// use eschool_core::signin::RefusalCode;
    ///
    /// assert_eq!(RefusalCode::from("use_esia"), RefusalCode::UseEsia);
    /// assert!(RefusalCode::LockedUntil < RefusalCode::NotFound);
    /// ```
    pub enum RefusalCode {
        /// Too many failures: the login or the address is closed for a while.
        LockedUntil = "locked_until",
        /// The login or the password is wrong; which of them is never told.
        WrongCredentials = "wrong_credentials",
        /// The ЕСИА account is not of a type that any of the person's roles accepts.
        EsiaNotConfirmed = "esia_not_confirmed",
        /// The keys point at more than one person, or what is known contradicts them.
        Ambiguous = "ambiguous",
        /// Nobody in the system has these keys.
        NotFound = "not_found",
        /// The person has left the school, or is nobody there.
        AccountClosed = "account_closed",
        /// The parent has no child in the school whose diary is open to them.
        NoChildren = "no_children",
        /// The pupil has passed the threshold: the password no longer serves. Or it is a parent or
        /// staff, whom it never does.
        UseEsia = "use_esia",
        /// The pupil is below the threshold and the policy wants the card's password.
        UsePassword = "use_password",
        /// A consent that the rules demand is missing.
        ConsentMissing = "consent_missing",
        /// ЕСИА does not answer, or is not set up here.
        EsiaUnavailable = "esia_unavailable",
        /// Too many people are signing in at once.
        Busy = "busy",
    }
}

wire_enum! {
    /// What somebody can do next.
    ///
    /// ```
    /// use eschool_core::signin::NextStep;
    ///
    /// assert_eq!(NextStep::TryLater.text_ru(), "Попробуйте позже");
    /// ```
    pub enum NextStep {
        /// Look in the personal account of «Госуслуги» which type the account is.
        CheckEsiaAccount = "check_esia_account",
        /// Sign in as somebody else.
        SignInAsOther = "sign_in_as_other",
        /// Use ЕСИА.
        UseEsia = "use_esia",
        /// Use the login and password of the registration card.
        UsePassword = "use_password",
        /// Restore the password.
        RestorePassword = "restore_password",
        /// Try again later.
        TryLater = "try_later",
        /// Ask the class teacher (*классный руководитель*).
        AskClassTeacher = "ask_class_teacher",
        /// Ask the member of staff who keeps the parents' data (*ответственный за данные*).
        AskRegistrar = "ask_registrar",
        /// Ask the school's administrator.
        AskAdministrator = "ask_administrator",
        /// Ask technical support.
        AskSupport = "ask_support",
    }
}

/// A refused sign-in: the stable code, the texts, the next steps.
///
/// ```
/// use eschool_core::{policy::SignInPolicy, signin::{NextStep, Refusal, RefusalCode}};
///
/// let policy = SignInPolicy::ryazan_2022();
/// let rules = policy.rules_on("2024-09-30".parse()?);
/// let refusal = Refusal::new(RefusalCode::UseEsia, rules);
/// assert!(refusal.text_ru().contains("ЕСИА"));
/// assert!(refusal.text_ru().contains("14,5\u{a0}лет"));
/// assert_eq!(refusal.next[0], NextStep::UseEsia);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// What to do, in the order to try.
    pub next: Vec<NextStep>,
    /// When the way opens again, for [`RefusalCode::LockedUntil`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// The age that parts the two ways in, for [`RefusalCode::UseEsia`] and
    /// [`RefusalCode::UsePassword`]; none where the way is closed to pupils of any age, or where it
    /// is no pupil.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<AgeSpan>,
    /// What some codes tell beside; on the wire its fields stand among these.
    #[serde(flatten)]
    pub details: Box<RefusalDetails>,
    /// The code under which what ЕСИА said is kept, for the person to tell the school. Set by who
    /// keeps it; the rules never do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseCode>,
}

/// What a refusal tells beside its code, where there is something to tell.
///
/// ```
/// use eschool_core::{policy::SignInPolicy, signin::{Assurance, Refusal, RefusalCode}};
///
/// let policy = SignInPolicy::ryazan_2022();
/// let refusal = Refusal::new(RefusalCode::UseEsia, policy.rules_on("2024-09-30".parse()?));
/// assert_eq!(refusal.details.accounts, [Assurance::Confirmed]);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RefusalDetails {
    /// The types of ЕСИА account that open the diary: to a pupil, or to the role that is named
    /// here, for [`RefusalCode::UseEsia`]; to anybody for [`RefusalCode::EsiaNotConfirmed`], where
    /// nobody may be known yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Assurance>,
    /// The consents that are missing, for [`RefusalCode::ConsentMissing`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<WantedConsent>,
    /// The one role that ended, for [`RefusalCode::AccountClosed`]; none where there were several
    /// or never any. For [`RefusalCode::UseEsia`] the role that has no password, a parent's or
    /// staff's; none where it is said to a pupil.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// How to reach the schools, once it is sure who was refused and as far as the facts tell it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<SchoolContacts>,
}

/// A consent that is missing, and who may give it.
///
/// ```
/// use eschool_core::{people::ConsentGiver, signin::WantedConsent};
///
/// let wanted: WantedConsent =
///     serde_json::from_str(r#"{"purpose": "school_portfolio", "givers": ["parent"]}"#)?;
/// assert_eq!(wanted.givers, [ConsentGiver::Parent]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct WantedConsent {
    /// What it allows.
    pub purpose: ConsentPurpose,
    /// Who may give it; one of them is enough.
    pub givers: Vec<ConsentGiver>,
}

impl WantedConsent {
    /// What a rule wants, of pupils of any age.
    fn of(rule: &ConsentRule) -> Self {
        let givers = rule.givers.iter().map(|rule| rule.giver.clone()).collect();
        Self { purpose: rule.purpose.clone(), givers }
    }
}

const YOUNGER: Option<&AgeBand> = Some(&AgeBand::Younger);
const OLDER: Option<&AgeBand> = Some(&AgeBand::Older);

impl Refusal {
    /// The refusal with its next steps under these rules.
    #[must_use]
    pub fn new(code: RefusalCode, rules: &Rules) -> Self {
        use NextStep::{
            CheckEsiaAccount, RestorePassword, SignInAsOther, TryLater, UseEsia, UsePassword,
        };
        let (own, helpers): (&[NextStep], bool) = match code {
            RefusalCode::LockedUntil => (&[TryLater, RestorePassword], true),
            RefusalCode::WrongCredentials => (&[RestorePassword], true),
            RefusalCode::EsiaNotConfirmed => (&[CheckEsiaAccount, SignInAsOther], false),
            RefusalCode::Ambiguous | RefusalCode::NotFound => (&[SignInAsOther], true),
            RefusalCode::NoChildren => (&[SignInAsOther], true),
            RefusalCode::UseEsia => (&[UseEsia], true),
            RefusalCode::UsePassword => (&[UsePassword, RestorePassword], true),
            RefusalCode::EsiaUnavailable | RefusalCode::Busy => (&[TryLater], false),
            RefusalCode::AccountClosed | RefusalCode::ConsentMissing | RefusalCode::Unknown(_) => {
                (&[], true)
            }
        };
        let mut next = own.to_vec();
        if helpers {
            next.extend(rules.helpers.iter().cloned());
        }
        let threshold = match code {
            RefusalCode::UseEsia => {
                Some(rules.threshold).filter(|_| rules.allows_password(&Role::Pupil, YOUNGER))
            }
            RefusalCode::UsePassword => Some(rules.threshold)
                .filter(|_| !rules.esia_assurance(&Role::Pupil, OLDER).is_empty()),
            _ => None,
        };
        let (younger, older) = (
            rules.esia_assurance(&Role::Pupil, YOUNGER),
            rules.esia_assurance(&Role::Pupil, OLDER),
        );
        let accounts = match code {
            RefusalCode::UseEsia if threshold.is_some() || younger == older => older.to_vec(),
            RefusalCode::EsiaNotConfirmed => rules.esia_accounts(),
            _ => Vec::new(),
        };
        let consents = match code {
            RefusalCode::ConsentMissing => rules.consent.iter().map(WantedConsent::of).collect(),
            _ => Vec::new(),
        };
        let details = Box::new(RefusalDetails { accounts, consents, ..RefusalDetails::default() });
        Self { code, next, until: None, threshold, details, case: None }
    }

    /// [`RefusalCode::UseEsia`] as it is said to a parent or staff: at no age is there another way.
    pub(super) fn for_adults(mut self, role: Role, rules: &Rules) -> Self {
        self.threshold = None;
        self.details.accounts = rules.esia_assurance(&role, None).to_vec();
        self.details.role = Some(role);
        self
    }

    /// The refusal of a closed counter.
    #[must_use]
    pub fn locked(until: DateTime<Utc>, rules: &Rules) -> Self {
        Self { until: Some(until), ..Self::new(RefusalCode::LockedUntil, rules) }
    }
}
