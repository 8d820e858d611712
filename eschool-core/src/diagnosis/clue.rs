//! What single pieces of evidence say.

use alloc::{collections::BTreeSet, vec::Vec};

use chrono::NaiveDate;

use super::{CaseEvidence, Cause, NearAccount, RefusedEntry, RefusedPerson, Relative};
use crate::{
    id::{AccountId, ClassId, SchoolId},
    identity::{BirthDate, MobilePhone, Snils, fold_name},
    people::Account,
    policy::{MatchKey, Rules},
    signin::{Candidate, EsiaPerson, Evidence, FieldMatch, Identified, RefusalCode, identify},
};

/// A cause with the evidence for it.
#[derive(Clone, Copy)]
pub(super) enum Clue<'a> {
    /// One of the causes that are about an account alone.
    Account(AccountClue<'a>, &'a NearAccount),
    /// A relative's account holds the person's СНИЛС.
    SnilsAtRelative(&'a NearAccount, &'a Relative),
    /// The person's account holds a relative's СНИЛС.
    HoldsRelativesSnils(&'a NearAccount, &'a Relative),
    /// A refused row or entry.
    Entry(Fit, &'a RefusedEntry),
}

/// What an account alone tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AccountClue<'a> {
    SnilsMissing,
    SnilsAtAnother,
    SnilsDiffers,
    SnilsNotGiven,
    TooLittleAgrees,
    Closed(NaiveDate),
    PhoneOnly,
    Agrees,
    /// Sign-in finds the person by it, and was refused for this.
    Stopped(&'a RefusalCode),
    MatchesNow,
}

/// How a refused entry fits the person, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    Snils,
    NameAndBirthDate,
    NameAndPhone,
    /// The birth date is missing or cannot be read.
    NameAlone,
}

impl Clue<'_> {
    pub(super) fn cause(&self) -> Cause {
        match self {
            Self::SnilsAtRelative(..) => Cause::SnilsAtRelative,
            Self::HoldsRelativesSnils(..) => Cause::HoldsRelativesSnils,
            Self::Entry(..) => Cause::EntryRefused,
            Self::Account(told, _) => match told {
                AccountClue::SnilsMissing => Cause::SnilsMissing,
                AccountClue::SnilsAtAnother => Cause::SnilsAtAnother,
                AccountClue::SnilsDiffers => Cause::SnilsDiffers,
                AccountClue::SnilsNotGiven => Cause::SnilsNotGiven,
                AccountClue::TooLittleAgrees => Cause::TooLittleAgrees,
                AccountClue::Closed(_) => Cause::AccountClosed,
                AccountClue::PhoneOnly => Cause::PhoneOnly,
                AccountClue::Agrees => Cause::AccountAgrees,
                AccountClue::Stopped(code) => stopped_by(code).unwrap_or(Cause::MatchesNow),
                AccountClue::MatchesNow => Cause::MatchesNow,
            },
        }
    }

    /// The school whose evidence it is.
    pub(super) fn school(&self) -> SchoolId {
        match self {
            Self::Account(_, near)
            | Self::SnilsAtRelative(near, _)
            | Self::HoldsRelativesSnils(near, _) => near.account.school,
            Self::Entry(_, entry) => entry.school,
        }
    }
}

/// What stopped a sign-in that had found the person, or did not look for anybody; nothing for one
/// that looked and did not find: then the clues say why.
pub(super) const fn stopped_by(code: &RefusalCode) -> Option<Cause> {
    Some(match code {
        RefusalCode::NotFound | RefusalCode::Ambiguous => return None,
        RefusalCode::EsiaNotConfirmed => Cause::EsiaNotConfirmed,
        RefusalCode::AccountClosed => Cause::AccountClosed,
        RefusalCode::NoChildren => Cause::NoChildren,
        RefusalCode::ConsentMissing => Cause::ConsentMissing,
        RefusalCode::UsePassword => Cause::UsePassword,
        RefusalCode::LockedUntil
        | RefusalCode::WrongCredentials
        | RefusalCode::UseEsia
        | RefusalCode::EsiaUnavailable
        | RefusalCode::Busy
        | RefusalCode::Unknown(_) => Cause::SignInStopped,
    })
}

/// Whether evidence of a school, about somebody of these classes, is the viewer's to see.
pub(super) type Sees<'a> = dyn Fn(SchoolId, &[ClassId]) -> bool + 'a;

/// All clues of what the viewer sees, in no order. An unseen relative is none: to tell that the
/// number is a relative's tells of an account that is not the viewer's.
pub(super) fn clues<'a>(
    refused: &RefusedPerson<'a>,
    evidence: &'a CaseEvidence,
    sees: &Sees<'_>,
) -> Vec<Clue<'a>> {
    let found = Found::by(refused, evidence);
    let mut clues: Vec<Clue<'a>> = Vec::new();
    for near in evidence.accounts.iter().filter(|near| sees(near.account.school, &near.classes)) {
        about(refused, near, &found, sees, &mut clues);
    }
    let entries = evidence.refused.iter().filter(|entry| sees(entry.school, &entry.classes));
    let said = refused.said;
    clues.extend(entries.filter_map(|entry| fit(said, entry).map(|fit| Clue::Entry(fit, entry))));
    clues
}

/// Whom sign-in would find today, by the rule that sign-in itself asks.
struct Found<'a> {
    rules: &'a Rules,
    /// What ЕСИА said, without a phone that identifies nobody.
    said: EsiaPerson,
    /// The accounts of who is found among all.
    accounts: BTreeSet<AccountId>,
}

impl<'a> Found<'a> {
    fn by(refused: &RefusedPerson<'a>, evidence: &CaseEvidence) -> Self {
        let (rules, mut said) = (refused.rules, refused.said.clone());
        if evidence.phone_is_shared {
            said.verified_phone = None;
        }
        let near = evidence.accounts.iter().flat_map(|near| {
            let relatives = near.relatives.iter().map(|relative| &relative.account);
            relatives.chain([&near.account])
        });
        let near: Vec<Candidate> = near.map(candidate).collect();
        let accounts = match identify(rules, &said, &near, &evidence.kept_apart) {
            Identified::Person(found) => found.iter().map(|found| found.account.id).collect(),
            Identified::Ambiguous | Identified::Nobody => BTreeSet::new(),
        };
        Self { rules, said, accounts }
    }

    /// Whether the account would be found if it stood alone.
    fn finds_alone(&self, account: &Account) -> bool {
        let candidate = [candidate(account)];
        let alone = identify(self.rules, &self.said, &candidate, &[]);
        matches!(alone, Identified::Person(_))
    }

    fn asks_for_snils(&self) -> bool {
        self.rules.matching.iter().any(|rule| rule.key == MatchKey::Snils)
    }
}

fn candidate(account: &Account) -> Candidate {
    Candidate { account: account.clone(), pupil: None, parent: None, staff: None }
}

fn about<'a>(
    refused: &RefusedPerson<'a>,
    near: &'a NearAccount,
    found: &Found<'a>,
    sees: &Sees<'_>,
    clues: &mut Vec<Clue<'a>>,
) {
    use FieldMatch::{Absent, Differs, Equal};
    let RefusedPerson { said, refusal, today, .. } = *refused;
    let evidence = Evidence::of(said, &near.account);
    let mut tell = |told| clues.push(Clue::Account(told, near));
    let is_found = found.accounts.contains(&near.account.id);
    if evidence.snils == Equal && evidence.contradicts() {
        return tell(AccountClue::SnilsAtAnother);
    }
    let is_named = (evidence.family_name, evidence.given_name) == (Equal, Equal);
    // By the name alone, where nothing else can be compared.
    let by_name = is_named
        && evidence.birth_date == Absent
        && evidence.snils == Absent
        && evidence.patronymic != Differs;
    let is_named = is_named && evidence.birth_date == Equal;
    if !(is_found || is_named || by_name || evidence.snils == Equal) {
        if evidence.phone == Equal {
            tell(AccountClue::PhoneOnly);
        }
        return;
    }
    if let Some(last) = near.until.filter(|last| *last < today) {
        return tell(AccountClue::Closed(last));
    }
    let relatives = near.relatives.iter().filter(|one| sees(one.account.school, &one.classes));
    let mut family = relatives.filter_map(|one| family(said, near, one)).peekable();
    if family.peek().is_some() {
        return clues.extend(family);
    }
    tell(match evidence.snils {
        _ if is_found => match stopped_by(refusal) {
            Some(_) => AccountClue::Stopped(refusal),
            None => AccountClue::MatchesNow,
        },
        Equal if found.finds_alone(&near.account) => AccountClue::Agrees,
        _ if !found.asks_for_snils() => AccountClue::TooLittleAgrees,
        Equal => AccountClue::TooLittleAgrees,
        Differs => AccountClue::SnilsDiffers,
        Absent if said.snils.is_none() => AccountClue::SnilsNotGiven,
        Absent if by_name => AccountClue::TooLittleAgrees,
        Absent => AccountClue::SnilsMissing,
    });
}

/// What a relative of the person has to do with it.
fn family<'a>(
    said: &EsiaPerson,
    near: &'a NearAccount,
    relative: &'a Relative,
) -> Option<Clue<'a>> {
    let found = Evidence::of(said, &relative.account);
    if found.snils == FieldMatch::Equal && found.contradicts() {
        return Some(Clue::SnilsAtRelative(near, relative));
    }
    let same = near.account.snils.is_some() && near.account.snils == relative.account.snils;
    (same && found.snils != FieldMatch::Equal).then_some(Clue::HoldsRelativesSnils(near, relative))
}

fn fit(said: &EsiaPerson, entry: &RefusedEntry) -> Option<Fit> {
    let typed = &entry.typed;
    if said.snils.is_some() && Snils::parse(&typed.snils).ok() == said.snils {
        return Some(Fit::Snils);
    }
    let named = fold_name(&typed.family) == fold_name(said.name.family())
        && fold_name(&typed.given) == fold_name(said.name.given());
    if !named {
        return None;
    }
    let born = typed.birth_date.parse::<BirthDate>().ok();
    if born.is_some() && born == said.birth_date {
        return Some(Fit::NameAndBirthDate);
    }
    let first = typed.phone.split([',', ';', '/', '\n', '\r']).find(|part| !part.trim().is_empty());
    let phone = first.and_then(|text| MobilePhone::parse(text).ok());
    if phone.is_some() && phone == said.verified_phone {
        return Some(Fit::NameAndPhone);
    }
    (born.is_none() || said.birth_date.is_none()).then_some(Fit::NameAlone)
}
