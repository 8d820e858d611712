//! Which letter goes where.

use alloc::vec::Vec;

use chrono::{DateTime, NaiveDate, Utc};

use super::{LetterEntry, LetterWay, RecoveryLetter, RecoveryRequest, answer, link::expires_at};
use crate::{
    debug::debug_shows,
    id::AccountId,
    identity::{BirthDate, Email, FullName, Login},
    people::may_issue_card,
    policy::SignInPolicy,
    signin::{NextStep, Refusal},
};

/// What a store knows of an account that has a login.
///
/// ```
/// use eschool_core::recovery::RecoveryAccount;
///
/// let anna = RecoveryAccount {
///     account: "019379ab-0000-7000-8000-000000000001".parse()?,
///     login: "s7_yolkina".parse()?,
///     name: serde_json::from_str(r#"{"family": "Ёлкина", "given": "Анна"}"#)?,
///     email: Some("mama@example.org".parse()?),
///     birth_date: "05.03.2014".parse().ok(),
///     until: None,
///     today: "2024-09-30".parse().unwrap(),
/// };
/// assert!(!format!("{anna:?}").contains("yolkina"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryAccount {
    /// The account.
    pub account: AccountId,
    /// Its login.
    pub login: Login,
    /// The pupil's name.
    pub name: FullName,
    /// The e-mail the school has, if it has one.
    pub email: Option<Email>,
    /// The birth date, if the school has it.
    pub birth_date: Option<BirthDate>,
    /// The last day in the school, once it is known.
    pub until: Option<NaiveDate>,
    /// The school's date.
    pub today: NaiveDate,
}

debug_shows! {
    RecoveryAccount { account, until, today }
}

/// What is to be done about a request. Whoever asked learns nothing of it.
///
/// ```
/// use eschool_core::{policy::SignInPolicy, recovery::{RecoveryPlan, plan_recovery}};
///
/// let (request, now) = ("pr7_test".parse()?, "2024-09-30T09:00:00Z".parse().unwrap());
/// let plan = plan_recovery(&SignInPolicy::ryazan_2022(), &request, &[], now);
/// assert_eq!(plan, RecoveryPlan::Nobody);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecoveryPlan {
    /// Nobody has this login or this address.
    Nobody,
    /// A letter goes out.
    Letter(RecoveryLetter),
    /// The school has no e-mail of the login's holder: who comes to the school is told the way.
    ByHand {
        /// Whose login it is.
        account: AccountId,
        /// What its holder can do.
        way: HandWay,
    },
}

/// What the holder of a login without an e-mail can do.
///
/// ```
/// use eschool_core::{recovery::HandWay, signin::NextStep};
///
/// let card = HandWay::NewCard { path: vec![NextStep::AskAdministrator] };
/// assert_ne!(card, HandWay::Closed);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandWay {
    /// Get a new card.
    NewCard {
        /// Whom to ask, in order; the last one issues the card.
        path: Vec<NextStep>,
    },
    /// Use ЕСИА: a password no longer serves, so there is no new card either. Who stands at the
    /// counter may be a parent: [`Refusal::text_of_pupil_ru`] says it of the pupil.
    UseEsia(Refusal),
    /// Nothing: the pupil has left the school.
    Closed,
}

/// Plans what to do for somebody who forgot the password.
///
/// `known` is what the store found: the account of the login, and every account with a login that
/// has the same e-mail, in any order; others are left out here. `now` is when the links are made.
///
/// # What the letter names
///
/// Every login of the address, for siblings share one: with a one-time link, or from the threshold
/// on with the advice to use ЕСИА, or as closed where the pupil has left. It goes to the address
/// the school has, never to the one that was typed.
///
/// ```
/// use eschool_core::{
///     policy::SignInPolicy,
///     recovery::{HandWay, LetterWay, RecoveryAccount, RecoveryPlan, plan_recovery},
/// };
///
/// let now = "2024-09-30T09:00:00Z".parse().unwrap();
/// let anna = RecoveryAccount {
///     account: "019379ab-0000-7000-8000-000000000001".parse()?,
///     login: "s7_yolkina".parse()?,
///     name: serde_json::from_str(r#"{"family": "Ёлкина", "given": "Анна"}"#)?,
///     email: Some("Mama@example.org".parse()?),
///     birth_date: "05.03.2014".parse().ok(),
///     until: None,
///     today: "2024-09-30".parse().unwrap(),
/// };
/// let policy = SignInPolicy::ryazan_2022();
/// let plan = plan_recovery(&policy, &"mama@example.org".parse()?, &[anna.clone()], now);
/// let RecoveryPlan::Letter(letter) = plan else { panic!("a letter") };
/// assert_eq!(letter.to.to_string(), "Mama@example.org");
/// assert!(matches!(letter.entries[0].way, LetterWay::Link { .. }));
///
/// let silent = RecoveryAccount { email: None, ..anna };
/// let plan = plan_recovery(&policy, &"s7_yolkina".parse()?, &[silent], now);
/// assert!(matches!(plan, RecoveryPlan::ByHand { way: HandWay::NewCard { .. }, .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn plan_recovery(
    policy: &SignInPolicy,
    request: &RecoveryRequest,
    known: &[RecoveryAccount],
    now: DateTime<Utc>,
) -> RecoveryPlan {
    let asked = known.iter().filter(|account| match request {
        RecoveryRequest::Login(login) => account.login == *login,
        RecoveryRequest::Email(email) => has(account, email),
    });
    // whichever of those that share an address came first, the letter is the same
    let Some(asked) = asked.min_by_key(|account| &account.login) else {
        return RecoveryPlan::Nobody;
    };
    let Some(to) = &asked.email else {
        return RecoveryPlan::ByHand { account: asked.account, way: hand_way(policy, asked) };
    };
    let of_address = known.iter().filter(|account| has(account, to));
    let mut entries: Vec<LetterEntry> =
        of_address.map(|account| entry(policy, account, now)).collect();
    entries.sort_by_cached_key(|entry| (entry.name.folded(), entry.login.clone()));
    entries.dedup_by(|one, other| one.account == other.account);
    RecoveryPlan::Letter(RecoveryLetter { to: to.clone(), entries })
}

fn has(account: &RecoveryAccount, email: &Email) -> bool {
    account.email.as_ref().is_some_and(|own| own.canonical() == email.canonical())
}

fn entry(policy: &SignInPolicy, known: &RecoveryAccount, now: DateTime<Utc>) -> LetterEntry {
    let way = match hand_way(policy, known) {
        HandWay::NewCard { .. } => LetterWay::Link { expires_at: expires_at(now) },
        HandWay::UseEsia(refusal) => LetterWay::UseEsia(refusal),
        HandWay::Closed => LetterWay::Closed,
    };
    let (account, login, name) = (known.account, known.login.clone(), known.name.clone());
    LetterEntry { account, login, name, way }
}

/// A link stands for the card: who would get none gets no link either.
fn hand_way(policy: &SignInPolicy, known: &RecoveryAccount) -> HandWay {
    if known.until.is_some_and(|last| last < known.today) {
        return HandWay::Closed;
    }
    let rules = policy.rules_on(known.today);
    match may_issue_card(rules, known.birth_date, known.today) {
        Ok(()) => HandWay::NewCard { path: answer::new_card_path(rules) },
        Err(refusal) => HandWay::UseEsia(refusal),
    }
}
