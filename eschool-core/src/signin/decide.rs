//! The second step: what was found is judged role by role.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{
    AccountGrant, At, Attempt, Candidate, Facts, Grant, GrantedRole, Identified, ParentFacts,
    PasswordCheck, PupilFacts, Refusal, RefusalCode, StaffFacts, identify,
};
use crate::{
    id::AccountId,
    identity::BirthDate,
    policy::{AccountsOfOnePerson, Role, Rules, SignInPolicy},
    signin::Assurance,
};

/// Judges an attempt by what was found: a grant of every role that grants, or the first refusal
/// in the order of [`RefusalCode`].
///
/// Total: any facts give an answer. `use_esia` and `account_closed` come only after a right
/// password, so they tell nobody that a login exists. The age of a pupil whose birth date the
/// school did not enter is the one ЕСИА vouches for; of whom nobody tells it counts as younger.
///
/// ```
/// use chrono::DateTime;
/// use eschool_core::{
///     policy::SignInPolicy,
///     signin::{At, Attempt, Facts, PasswordAttempt, RefusalCode, decide},
/// };
///
/// let at = At { instant: DateTime::UNIX_EPOCH, date: "2024-09-01".parse()? };
/// let attempt = Attempt::Password(PasswordAttempt { login: "pr7_test".into() });
/// // Nobody was found and so no password was right.
/// let refusal = decide(&SignInPolicy::ryazan_2022(), Facts::default(), &attempt, &at).unwrap_err();
/// assert_eq!(refusal.code, RefusalCode::WrongCredentials);
/// # Ok::<(), chrono::ParseError>(())
/// ```
///
/// # Errors
/// The [`Refusal`] that comes first where no role grants.
pub fn decide(
    policy: &SignInPolicy,
    facts: Facts,
    attempt: &Attempt,
    at: &At,
) -> Result<Grant, Refusal> {
    let rules = policy.rules_on(at.date);
    if let Some(until) = facts.locked_until.filter(|until| at.instant < *until) {
        return Err(Refusal::locked(until, rules));
    }
    let refused = |code| Err(Refusal::new(code, rules));
    let accounts = match attempt {
        Attempt::Password(_) if facts.password != Some(PasswordCheck::Right) => {
            return refused(RefusalCode::WrongCredentials);
        }
        Attempt::Password(_) if facts.candidates.is_empty() => {
            return refused(RefusalCode::WrongCredentials);
        }
        Attempt::Password(_) => facts.candidates,
        Attempt::Esia(person) => match identify(rules, person, facts.candidates) {
            Identified::Person(accounts) => accounts,
            Identified::Ambiguous => return refused(RefusalCode::Ambiguous),
            Identified::Nobody => return refused(RefusalCode::NotFound),
        },
    };
    let mut verdict = Verdict::new(rules, attempt, at.date);
    for candidate in accounts {
        verdict.judge(candidate);
    }
    verdict.into_result()
}

/// What the roles judged so far have come to.
struct Verdict<'a> {
    rules: &'a Rules,
    /// The type of ЕСИА account; none for a password.
    assurance: Option<&'a Assurance>,
    /// The birth date that ЕСИА vouches for.
    vouched_birth_date: Option<BirthDate>,
    today: NaiveDate,
    person: Option<crate::id::PersonId>,
    accounts: Vec<AccountGrant>,
    password_ends: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    refusal: Option<RefusalCode>,
}

impl<'a> Verdict<'a> {
    const fn new(rules: &'a Rules, attempt: &'a Attempt, today: NaiveDate) -> Self {
        let (assurance, vouched_birth_date) = match attempt {
            Attempt::Password(_) => (None, None),
            Attempt::Esia(person) => (Some(&person.assurance), person.birth_date),
        };
        Self {
            rules,
            assurance,
            vouched_birth_date,
            today,
            person: None,
            accounts: Vec::new(),
            password_ends: None,
            valid_until: None,
            refusal: None,
        }
    }

    fn judge(&mut self, candidate: Candidate) {
        let Candidate { account, pupil, parent, staff } = candidate;
        let known_in_no_role = pupil.is_none() && parent.is_none() && staff.is_none();
        let mut roles = Vec::new();
        if let Some(pupil) = pupil {
            // What the school did not enter, ЕСИА may know.
            let born = account.birth_date.or(self.vouched_birth_date);
            let judged = self.pupil(pupil, account.id, born);
            self.note(judged, &mut roles);
        }
        // A password is a pupil's: it opens no other role of the same person.
        if self.assurance.is_some() {
            if let Some(parent) = parent {
                let judged = self.parent(parent);
                self.note(judged, &mut roles);
            }
            if let Some(staff) = staff {
                let judged = self.staff(staff);
                self.note(judged, &mut roles);
            }
        }
        if known_in_no_role {
            self.refuse(RefusalCode::AccountClosed);
        }
        if !roles.is_empty() {
            self.person = self.person.min(Some(account.person)).or(Some(account.person));
            self.accounts.push(AccountGrant { account: account.id, school: account.school, roles });
        }
    }

    fn pupil(
        &mut self,
        mut pupil: PupilFacts,
        account: AccountId,
        born: Option<BirthDate>,
    ) -> Result<GrantedRole, RefusalCode> {
        if self.is_over(pupil.until) {
            return Err(RefusalCode::AccountClosed);
        }
        let band = self.rules.pupil_band(born, self.today);
        let band = Some(&band);
        if let Some(assurance) = self.assurance {
            let accepted = self.rules.esia_assurance(&Role::Pupil, band);
            if accepted.is_empty() {
                return Err(RefusalCode::UsePassword);
            }
            if !accepted.contains(assurance) {
                return Err(RefusalCode::EsiaNotConfirmed);
            }
        } else if !self.rules.allows_password(&Role::Pupil, band) {
            return Err(RefusalCode::UseEsia);
        }
        pupil.consents.retain(|consent| consent.pupil == account);
        let missing = self.rules.consent_missing_from(&pupil.consents, born, self.today);
        if missing == Some(self.today) {
            return Err(RefusalCode::ConsentMissing);
        }
        if self.assurance.is_none() {
            self.ends(self.rules.password_ends(born, self.today));
            self.password_ends = self.rules.password_notice(born, self.today);
        }
        self.ends(missing);
        self.ends(day_after(pupil.until));
        Ok(GrantedRole::Pupil)
    }

    fn parent(&mut self, parent: ParentFacts) -> Result<GrantedRole, RefusalCode> {
        self.accepts_esia(&Role::Parent)?;
        let mut children = Vec::new();
        for child in parent.children {
            if child.is_seen_on(self.today, self.rules) {
                self.ends(day_after(child.last_day(self.rules)));
                children.push(child.guardianship.child);
            }
        }
        if children.is_empty() {
            Err(RefusalCode::NoChildren)
        } else {
            Ok(GrantedRole::Parent { children })
        }
    }

    fn staff(&mut self, staff: StaffFacts) -> Result<GrantedRole, RefusalCode> {
        self.accepts_esia(&Role::Staff)?;
        if self.is_over(staff.until) {
            return Err(RefusalCode::AccountClosed);
        }
        self.ends(day_after(staff.until));
        let StaffFacts { class_teacher_of, duties, .. } = staff;
        Ok(GrantedRole::Staff { class_teacher_of, duties })
    }

    fn accepts_esia(&self, role: &Role) -> Result<(), RefusalCode> {
        let accepted = self.rules.esia_assurance(role, None);
        if self.assurance.is_some_and(|assurance| accepted.contains(assurance)) {
            Ok(())
        } else {
            Err(RefusalCode::EsiaNotConfirmed)
        }
    }

    fn is_over(&self, last_day: Option<NaiveDate>) -> bool {
        last_day.is_some_and(|last| last < self.today)
    }

    fn note(&mut self, judged: Result<GrantedRole, RefusalCode>, roles: &mut Vec<GrantedRole>) {
        match judged {
            Ok(role) => roles.push(role),
            Err(code) => self.refuse(code),
        }
    }

    /// Keeps the refusal that comes first in the order of precedence.
    fn refuse(&mut self, code: RefusalCode) {
        self.refusal = Some(match self.refusal.take() {
            Some(earlier) => earlier.min(code),
            None => code,
        });
    }

    /// The grant holds no longer than until this day.
    fn ends(&mut self, day: Option<NaiveDate>) {
        self.valid_until = [self.valid_until, day].into_iter().flatten().min();
    }

    fn into_result(mut self) -> Result<Grant, Refusal> {
        let Some(person) = self.person else {
            let code = self.refusal.unwrap_or(RefusalCode::NotFound);
            return Err(Refusal::new(code, self.rules));
        };
        self.accounts.sort_by_key(|grant| (grant.school, grant.account));
        let separate = self.rules.accounts == AccountsOfOnePerson::Separate;
        Ok(Grant {
            person,
            choose_school: separate && self.accounts.len() > 1,
            accounts: self.accounts,
            password_ends: self.password_ends,
            valid_until: self.valid_until,
        })
    }
}

fn day_after(last: Option<NaiveDate>) -> Option<NaiveDate> {
    last.and_then(|last| last.succ_opt())
}
