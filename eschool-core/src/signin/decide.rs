//! The second step: what was found is judged role by role.

use alloc::{borrow::Cow, boxed::Box, vec::Vec};

use chrono::NaiveDate;

use super::{
    AccountGrant, At, Attempt, Candidate, EsiaPerson, Facts, Grant, GrantedRole, Identified,
    ParentFacts, PasswordCheck, PupilFacts, Refusal, RefusalCode, StaffFacts, WantedConsent,
    identify,
};
use crate::{
    id::{AccountId, SchoolId},
    identity::BirthDate,
    people::{Consent, Duty, Guardianship, SchoolContacts},
    policy::{AccountsOfOnePerson, AgeBand, Role, Rules, SignInMethod, SignInPolicy},
    signin::Assurance,
};

/// Judges an attempt by what was found: a grant of every role that grants, or the first refusal
/// in the order of [`RefusalCode`].
///
/// Total: any facts give an answer. Who has no right password is told `wrong_credentials` or
/// `locked_until` and nothing else, so no answer tells anybody that a login exists. The age of a pupil
/// whose birth date the school did not enter is the one ЕСИА vouches for; of whom nobody tells it
/// counts as younger.
///
/// A grant ends, at the latest, on the first day on which the same facts would no longer give it:
/// with what the rules of today say of later days, and with the days on which the policy's rules
/// change.
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
    if let Some(until) = facts.locked_until.filter(|until| at.instant < *until)
        && matches!(attempt, Attempt::Password(_))
    {
        return Err(Refusal::locked(until, policy.rules_on(at.date)));
    }
    if matches!(attempt, Attempt::Password(_))
        && (facts.password != Some(PasswordCheck::Right) || facts.candidates.is_empty())
    {
        return Err(Refusal::new(RefusalCode::WrongCredentials, policy.rules_on(at.date)));
    }
    let proof = Proof::of(attempt, facts.phone_is_shared);
    settle(policy, facts, &proof, at)
}

/// Judges anew who came in earlier, without asking them again: by which way they came is known, and
/// who they are was settled then.
///
/// For what lasts longer than a session, as the access of an app does: stays, bonds, consents and
/// rules may have changed since. The candidates are every account of the person, so that a bar holds
/// whichever of them it stands in; what the sign-in did not grant, the caller leaves out. Which type
/// of ЕСИА account it was is not asked: it is enough that one of those that sign in would do.
///
/// ```
/// use chrono::DateTime;
/// use eschool_core::{
///     policy::{SignInMethod, SignInPolicy},
///     signin::{At, RefusalCode, renew},
/// };
///
/// let at = At { instant: DateTime::UNIX_EPOCH, date: "2024-09-01".parse()? };
/// // Of whom nothing is left is let in no more.
/// let policy = SignInPolicy::ryazan_2022();
/// let refusal = renew(&policy, Vec::new(), &SignInMethod::Password, &at).unwrap_err();
/// assert_eq!(refusal.code, RefusalCode::AccountClosed);
/// # Ok::<(), chrono::ParseError>(())
/// ```
///
/// # Errors
/// The [`Refusal`] that comes first where no role grants any more.
pub fn renew(
    policy: &SignInPolicy,
    candidates: Vec<Candidate>,
    method: &SignInMethod,
    at: &At,
) -> Result<Grant, Refusal> {
    let facts = Facts { candidates, ..Facts::default() };
    if *method == SignInMethod::Password {
        return settle(policy, facts, &Proof::Password, at);
    }
    let confirmed = settle(policy, facts.clone(), &Proof::Known(Assurance::Confirmed), at);
    confirmed.or_else(|refusal| {
        let as_child = settle(policy, facts, &Proof::Known(Assurance::Child), at);
        as_child.map_err(|_| refusal)
    })
}

/// The decision of the day, and until when it stands by the rules that are to come.
fn settle(
    policy: &SignInPolicy,
    facts: Facts,
    proof: &Proof<'_>,
    at: &At,
) -> Result<Grant, Refusal> {
    let mut grant = match judge(policy, &facts, proof, at.date) {
        Ok(grant) => grant,
        Err(refused) => return Err(refused.told(facts.contacts)),
    };
    for from in policy.changes_after(at.date).iter().map(|dated| dated.from) {
        if grant.valid_until.is_some_and(|ends| ends <= from) {
            break;
        }
        match judge(policy, &facts, proof, from) {
            Ok(then) if then.covers(&grant) => grant.valid_until = then.valid_until,
            _ => {
                grant.valid_until = Some(from);
                break;
            }
        }
    }
    move_staff_in(&mut grant, facts.candidates);
    Ok(grant)
}

/// Gives each role of staff the classes led and the duties held.
fn move_staff_in(grant: &mut Grant, candidates: Vec<Candidate>) {
    for Candidate { account, staff, .. } in candidates {
        let Some(facts) = staff else { continue };
        let granted = grant.accounts.iter_mut().find(|granted| granted.account == account.id);
        let roles = granted.into_iter().flat_map(|granted| &mut granted.roles);
        let mut staff = roles.filter_map(|role| match role {
            GrantedRole::Staff { class_teacher_of, duties } => Some((class_teacher_of, duties)),
            _ => None,
        });
        if let Some((class_teacher_of, duties)) = staff.next() {
            *class_teacher_of = facts.class_teacher_of;
            *duties = facts.duties;
            duties.retain(Duty::is_known);
        }
    }
}

/// What is known of who stands at the door.
enum Proof<'a> {
    /// A right password.
    Password,
    /// Whom ЕСИА vouches for, without the phone if it identifies nobody.
    Esia(Cow<'a, EsiaPerson>),
    /// That somebody came through ЕСИА earlier, with an account of this type.
    Known(Assurance),
}

impl<'a> Proof<'a> {
    fn of(attempt: &'a Attempt, phone_is_shared: bool) -> Self {
        match attempt {
            Attempt::Password(_) => Self::Password,
            Attempt::Esia(person) if phone_is_shared => {
                Self::Esia(Cow::Owned(EsiaPerson { verified_phone: None, ..person.clone() }))
            }
            Attempt::Esia(person) => Self::Esia(Cow::Borrowed(person)),
        }
    }
}

/// The decision by the rules of one day, as if they held for ever.
fn judge<'a>(
    policy: &'a SignInPolicy,
    facts: &'a Facts,
    proof: &'a Proof<'_>,
    day: NaiveDate,
) -> Result<Grant, Refused> {
    let rules = policy.rules_on(day);
    let refused =
        |code| Err(Refused { refusal: Refusal::new(code, rules), schools: Box::default() });
    let mut verdict = Verdict::new(policy, proof, day);
    match proof {
        Proof::Password | Proof::Known(_) => {
            verdict.bars = facts.candidates.iter().flat_map(bars).collect();
            facts.candidates.iter().for_each(|one| verdict.judge(one));
        }
        Proof::Esia(person) => {
            match identify(rules, person, &facts.candidates, &facts.kept_apart) {
                Identified::Person(found) => {
                    verdict.bars = found.iter().flat_map(|one| bars(one)).collect();
                    found.iter().for_each(|one| verdict.judge(one));
                }
                Identified::Ambiguous => return refused(RefusalCode::Ambiguous),
                Identified::Nobody => return refused(RefusalCode::NotFound),
            }
        }
    }
    verdict.into_result()
}

/// A refusal, and the schools of who was refused.
struct Refused {
    refusal: Refusal,
    /// Empty while it is not sure who it is: a stranger learns of no school.
    schools: Box<[SchoolId]>,
}

impl Refused {
    fn told(self, mut contacts: Vec<SchoolContacts>) -> Refusal {
        let Self { mut refusal, schools } = self;
        contacts.retain(|contacts| schools.contains(&contacts.school));
        refusal.details.contacts = contacts;
        refusal
    }
}

/// What the roles judged so far have come to.
struct Verdict<'a> {
    policy: &'a SignInPolicy,
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
    schools: Vec<SchoolId>,
    /// What bars the person from a child, of whichever account.
    bars: Vec<&'a Guardianship>,
    consents: Vec<WantedConsent>,
    /// The roles that were refused, and why.
    refused: Vec<(Role, RefusalCode)>,
}

impl<'a> Verdict<'a> {
    fn new(policy: &'a SignInPolicy, proof: &'a Proof<'_>, today: NaiveDate) -> Self {
        let (assurance, vouched_birth_date) = match proof {
            Proof::Password => (None, None),
            Proof::Known(assurance) => (Some(assurance), None),
            Proof::Esia(person) => (Some(&person.assurance), person.birth_date),
        };
        Self {
            policy,
            rules: policy.rules_on(today),
            assurance,
            vouched_birth_date,
            today,
            person: None,
            accounts: Vec::new(),
            password_ends: None,
            valid_until: None,
            refusal: None,
            schools: Vec::new(),
            bars: Vec::new(),
            consents: Vec::new(),
            refused: Vec::new(),
        }
    }

    fn judge(&mut self, candidate: &Candidate) {
        let Candidate { account, pupil, parent, staff } = candidate;
        let known_in_no_role = pupil.is_none() && parent.is_none() && staff.is_none();
        self.schools.push(account.school);
        let mut roles = Vec::new();
        if let Some(pupil) = pupil {
            // What the school did not enter, ЕСИА may know.
            let born = account.birth_date.or(self.vouched_birth_date);
            let judged = self.pupil(pupil, account.id, born);
            self.note(Role::Pupil, judged, &mut roles);
        }
        if let Some(parent) = parent {
            let judged = self.parent(parent, account.id);
            self.note(Role::Parent, judged, &mut roles);
        }
        if let Some(staff) = staff {
            let judged = self.staff(staff);
            self.note(Role::Staff, judged, &mut roles);
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
        pupil: &PupilFacts,
        account: AccountId,
        born: Option<BirthDate>,
    ) -> Result<GrantedRole, RefusalCode> {
        let band = self.rules.pupil_band(born, self.today);
        let admitted = self.admits_pupil(&band);
        if admitted == Err(RefusalCode::EsiaNotConfirmed) {
            return Err(RefusalCode::EsiaNotConfirmed);
        }
        if self.is_over(pupil.until) {
            return Err(RefusalCode::AccountClosed);
        }
        admitted?;
        let consents = about(&pupil.consents, account);
        let missing = self.rules.consent_missing_from(&consents, born, self.today);
        if missing == Some(self.today) {
            let missing = self.rules.consents_missing(&consents, born, self.today);
            self.consents.extend(missing.map(|rule| WantedConsent {
                purpose: rule.purpose.clone(),
                givers: rule.givers_on(born, self.today).into_iter().cloned().collect(),
            }));
            return Err(RefusalCode::ConsentMissing);
        }
        if self.assurance.is_none() {
            let told = self.policy.password_notice(born, self.today);
            self.password_ends = [self.password_ends, told].into_iter().flatten().min();
        }
        if band == AgeBand::Younger && self.admits_pupil(&AgeBand::Older).is_err() {
            self.ends(born.map(|born| self.rules.threshold.reached_on(born)));
        }
        self.ends(missing);
        self.ends(day_after(pupil.until));
        Ok(GrantedRole::Pupil)
    }

    /// Whether the way in that was chosen is one for pupils of an age.
    fn admits_pupil(&self, band: &AgeBand) -> Result<(), RefusalCode> {
        let (role, band) = (&Role::Pupil, Some(band));
        match self.assurance {
            None if self.rules.allows_password(role, band) => Ok(()),
            None => Err(RefusalCode::UseEsia),
            Some(assurance) if self.rules.accepts_esia(role, band, assurance) => Ok(()),
            Some(_) if self.rules.esia_assurance(role, band).is_empty() => {
                Err(RefusalCode::UsePassword)
            }
            Some(_) => Err(RefusalCode::EsiaNotConfirmed),
        }
    }

    fn parent(
        &mut self,
        parent: &ParentFacts,
        account: AccountId,
    ) -> Result<GrantedRole, RefusalCode> {
        self.confirms(&Role::Parent)?;
        let mut children = Vec::new();
        let mut ends: Option<NaiveDate> = None;
        let mut end = |day| ends = [ends, day].into_iter().flatten().min();
        for facts in &parent.children {
            let Guardianship { parent: adult, child, .. } = facts.guardianship;
            if adult != account || !facts.is_seen_on(self.today, self.rules) {
                continue;
            }
            let bars = || self.bars.iter().filter(|bar| bar.child == child);
            if bars().any(|bar| bar.holds_on(self.today)) {
                continue;
            }
            let bars_ahead = bars().filter_map(|bar| bar.from).filter(|from| *from > self.today);
            end(bars_ahead.min());
            end(day_after(facts.last_day(self.rules)));
            children.push(child);
        }
        if children.is_empty() {
            return Err(RefusalCode::NoChildren);
        }
        self.came_by_esia()?;
        self.ends(ends);
        Ok(GrantedRole::Parent { children })
    }

    fn staff(&mut self, staff: &StaffFacts) -> Result<GrantedRole, RefusalCode> {
        self.confirms(&Role::Staff)?;
        if self.is_over(staff.until) || staff.rests_on_the_unknown() {
            return Err(RefusalCode::AccountClosed);
        }
        self.came_by_esia()?;
        self.ends(day_after(staff.until));
        // What they do is moved in once the grant stands.
        Ok(GrantedRole::Staff { class_teacher_of: Vec::new(), duties: Vec::new() })
    }

    /// Whoever came through ЕСИА came with an account that is enough for a role.
    fn confirms(&self, role: &Role) -> Result<(), RefusalCode> {
        match self.assurance {
            Some(assurance) if !self.rules.accepts_esia(role, None, assurance) => {
                Err(RefusalCode::EsiaNotConfirmed)
            }
            _ => Ok(()),
        }
    }

    /// A password is a pupil's: it opens no other role of the same person.
    fn came_by_esia(&self) -> Result<(), RefusalCode> {
        if self.assurance.is_some() { Ok(()) } else { Err(RefusalCode::UseEsia) }
    }

    fn is_over(&self, last_day: Option<NaiveDate>) -> bool {
        last_day.is_some_and(|last| last < self.today)
    }

    fn note(
        &mut self,
        role: Role,
        judged: Result<GrantedRole, RefusalCode>,
        roles: &mut Vec<GrantedRole>,
    ) {
        match judged {
            Ok(role) => roles.push(role),
            Err(code) => {
                self.refused.push((role, code.clone()));
                self.refuse(code);
            }
        }
    }

    /// The refusal of all that was judged.
    fn into_refused(self) -> Refused {
        let code = self.refusal.unwrap_or(RefusalCode::AccountClosed);
        let mut refusal = Refusal::new(code, self.rules);
        let (to_esia, over): (Vec<_>, Vec<_>) =
            self.refused.into_iter().partition(|(_, code)| *code == RefusalCode::UseEsia);
        if refusal.code == RefusalCode::AccountClosed {
            refusal.details.role = match over.split_first() {
                Some(((one, _), rest)) if rest.iter().all(|(other, _)| other == one) => {
                    Some(one.clone())
                }
                // A right password that opens no role was a pupil's once.
                None if self.assurance.is_none() => Some(Role::Pupil),
                _ => None,
            };
        }
        if refusal.code == RefusalCode::UseEsia
            && let Some(role) = to_esia.into_iter().map(|(role, _)| role).min()
            && role != Role::Pupil
        {
            refusal = refusal.for_adults(role, self.rules);
        }
        if refusal.code == RefusalCode::ConsentMissing {
            let consents = &mut refusal.details.consents;
            consents.clear();
            for wanted in self.consents {
                if !consents.contains(&wanted) {
                    consents.push(wanted);
                }
            }
        }
        Refused { refusal, schools: self.schools.into() }
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

    fn into_result(mut self) -> Result<Grant, Refused> {
        let Some(person) = self.person else { return Err(self.into_refused()) };
        self.accounts.sort_by_key(|grant| (grant.school, grant.account));
        let stand_together = self.rules.accounts == AccountsOfOnePerson::Merged;
        let mut schools = self.accounts.iter().map(|grant| grant.school);
        let first = schools.next();
        let in_several = schools.any(|school| Some(school) != first);
        Ok(Grant {
            person,
            choose_school: !stand_together && in_several,
            accounts: self.accounts,
            password_ends: self.password_ends,
            valid_until: self.valid_until,
        })
    }
}

/// The bonds of an account that bar its holder from a child, on whatever days.
fn bars(candidate: &Candidate) -> impl Iterator<Item = &Guardianship> {
    let bonds = candidate.parent.iter().flat_map(|parent| &parent.children);
    let account = candidate.account.id;
    bonds.map(|child| &child.guardianship).filter(move |bond| bond.barred && bond.parent == account)
}

/// The consents about one pupil: mostly all of them.
fn about(consents: &[Consent], pupil: AccountId) -> Cow<'_, [Consent]> {
    if consents.iter().all(|consent| consent.pupil == pupil) {
        return Cow::Borrowed(consents);
    }
    consents.iter().filter(|consent| consent.pupil == pupil).cloned().collect()
}

fn day_after(last: Option<NaiveDate>) -> Option<NaiveDate> {
    last.and_then(|last| last.succ_opt())
}
