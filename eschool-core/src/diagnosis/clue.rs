//! What single pieces of evidence say.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{CaseEvidence, Cause, NearAccount, RefusedEntry, Relative};
use crate::{
    id::{ClassId, SchoolId},
    identity::{BirthDate, MobilePhone, Snils, fold_name},
    signin::{EsiaPerson, Evidence, FieldMatch},
};

/// A cause with the evidence for it.
#[derive(Clone, Copy)]
pub(super) enum Clue<'a> {
    /// One of the causes that are about an account alone.
    Account(AccountClue, &'a NearAccount),
    /// A relative's account holds the person's СНИЛС.
    SnilsAtRelative(&'a NearAccount, &'a Relative),
    /// The person's account holds a relative's СНИЛС.
    HoldsRelativesSnils(&'a NearAccount, &'a Relative),
    /// A refused row or entry.
    Entry(Fit, &'a RefusedEntry),
}

/// What an account alone tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AccountClue {
    SnilsMissing,
    SnilsAtAnother,
    SnilsDiffers,
    Closed(NaiveDate),
    PhoneOnly,
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
                AccountClue::Closed(_) => Cause::AccountClosed,
                AccountClue::PhoneOnly => Cause::PhoneOnly,
                AccountClue::MatchesNow => Cause::MatchesNow,
            },
        }
    }

    /// The school and the classes whose evidence it is.
    pub(super) fn place(&self) -> (SchoolId, &[ClassId]) {
        match self {
            Self::Account(_, near)
            | Self::SnilsAtRelative(near, _)
            | Self::HoldsRelativesSnils(near, _) => (near.account.school, &near.classes),
            Self::Entry(_, entry) => (entry.school, &entry.classes),
        }
    }
}

/// All clues, seen or not, in no order.
pub(super) fn clues<'a>(
    said: &EsiaPerson,
    evidence: &'a CaseEvidence,
    today: NaiveDate,
) -> Vec<Clue<'a>> {
    let mut clues: Vec<Clue<'a>> = Vec::new();
    for near in &evidence.accounts {
        about(said, near, today, &mut clues);
    }
    if sign_in_is_doubtful(said, evidence) {
        clues.retain(|clue| clue.cause() != Cause::MatchesNow);
    }
    let entries = &evidence.refused;
    clues.extend(
        entries.iter().filter_map(|entry| fit(said, entry).map(|fit| Clue::Entry(fit, entry))),
    );
    clues
}

fn about<'a>(
    said: &EsiaPerson,
    near: &'a NearAccount,
    today: NaiveDate,
    clues: &mut Vec<Clue<'a>>,
) {
    let found = Evidence::of(said, &near.account);
    let holds_snils = found.snils == FieldMatch::Equal;
    let is_named = [found.family_name, found.given_name, found.birth_date]
        .iter()
        .all(|field| *field == FieldMatch::Equal);
    if holds_snils && found.contradicts() {
        clues.push(Clue::Account(AccountClue::SnilsAtAnother, near));
        return;
    }
    if !holds_snils && !is_named {
        if found.phone == FieldMatch::Equal {
            clues.push(Clue::Account(AccountClue::PhoneOnly, near));
        }
        return;
    }
    if let Some(last) = near.until.filter(|last| *last < today) {
        clues.push(Clue::Account(AccountClue::Closed(last), near));
        return;
    }
    let before = clues.len();
    clues.extend(near.relatives.iter().filter_map(|relative| family(said, near, relative)));
    if clues.len() > before {
        return;
    }
    let told = match (found.snils, near.account.snils) {
        (FieldMatch::Equal, _) => AccountClue::MatchesNow,
        (FieldMatch::Differs, _) => AccountClue::SnilsDiffers,
        (FieldMatch::Absent, None) => AccountClue::SnilsMissing,
        // ЕСИА gave no СНИЛС: the account cannot be blamed.
        (FieldMatch::Absent, Some(_)) => return,
    };
    clues.push(Clue::Account(told, near));
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

/// Whether some account speaks against the one that matches: it holds the СНИЛС under another
/// name, or it is another person's by the phone.
fn sign_in_is_doubtful(said: &EsiaPerson, evidence: &CaseEvidence) -> bool {
    let own: Vec<_> = evidence
        .accounts
        .iter()
        .filter(|near| near.account.snils.is_some() && near.account.snils == said.snils)
        .map(|near| near.account.person)
        .collect();
    evidence.accounts.iter().any(|near| {
        let found = Evidence::of(said, &near.account);
        let by_phone = near.account.snils.is_none()
            && [found.phone, found.given_name, found.birth_date]
                .iter()
                .all(|field| *field == FieldMatch::Equal);
        (found.snils == FieldMatch::Equal && found.contradicts())
            || (by_phone && !own.contains(&near.account.person))
    })
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
