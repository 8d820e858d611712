//! Sound policies of every kind.

use alloc::{collections::BTreeSet, string::String, vec, vec::Vec};

use chrono::{Days, NaiveDate};
use proptest::{prelude::*, sample::subsequence};

use super::super::*;
use crate::{
    identity::AgeSpan,
    people::{ConsentGiver, ConsentPurpose, MandatoryField},
    signin::{Assurance, NextStep},
};

pub(super) fn policy() -> impl Strategy<Value = SignInPolicy> {
    let later = prop::collection::vec((0..5_000_u64, rules()), 0..3);
    ("[a-z0-9_ .«»ё-]{0,20}[a-zё]", rules(), later)
        .prop_map(|(name, first, later)| schedule(name, first, later))
}

fn schedule(name: String, first: Rules, later: Vec<(u64, Rules)>) -> SignInPolicy {
    let start = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    let days: BTreeSet<u64> = later.iter().map(|(day, _)| *day).collect();
    let later = days
        .into_iter()
        .zip(later)
        .map(|(day, (_, rules))| DatedRules { from: start + Days::new(day), rules })
        .collect();
    SignInPolicy::new(name, first, later).unwrap()
}

fn rules() -> impl Strategy<Value = Rules> {
    let people = (
        prop::sample::select(AccountsOfOnePerson::KNOWN),
        prop::sample::select(ParentsAfter18::KNOWN),
        prop::sample::select(RegistryKeeper::KNOWN),
        subsequence(MandatoryField::KNOWN, 0..=MandatoryField::KNOWN.len()),
        any::<[bool; 2]>(),
    );
    let days = (0..=366_u16, prop::option::of(1..=36_525_u16), prop::option::of(1..=100_u16));
    (12..=18 * 12_u8, days, ways(), consents(), matching(), people, delays(), delays()).prop_map(
        |(threshold, days, ways, consent, matching, people, login, source)| {
            let (notice_days, erase_after_days, keep_journals_years) = days;
            let (methods, young_by_esia) = ways;
            let (accounts, parents_after_18, registry_keeper, mandatory, more) = people;
            let helpers = helpers(&registry_keeper, more);
            Rules {
                threshold: months(threshold),
                notice_days,
                methods,
                young_by_esia,
                consent,
                matching,
                accounts,
                parents_after_18,
                registry_keeper,
                helpers,
                mandatory,
                lock_out: LockOut { login, source },
                erase_after_days,
                keep_journals_years,
            }
        },
    )
}

const fn months(months: u8) -> AgeSpan {
    AgeSpan { years: months / 12, months: months % 12 }
}

fn assurance() -> impl Strategy<Value = Vec<Assurance>> {
    subsequence(vec![Assurance::Child, Assurance::Confirmed], 1..=2)
}

/// The ways in: which bands have a password, and by which rules pupils use ЕСИА.
fn ways() -> impl Strategy<Value = (Vec<MethodRule>, YoungByEsia)> {
    let bands = [Some(AgeBand::Younger), Some(AgeBand::Older), None];
    let password = prop::option::of(prop::sample::select(bands.to_vec()));
    (password, 0..4_u8, [assurance(), assurance(), assurance(), assurance()]).prop_map(
        |(password, esia, [first, second, parents, staff])| {
            let by_esia = |role, band, assurance| MethodRule {
                role,
                band,
                method: SignInMethod::Esia,
                assurance,
            };
            let pupils = |band, assurance| by_esia(Role::Pupil, band, assurance);
            let mut password = password;
            let (mut methods, young) = match esia {
                // for all, for each band, for the older alone, for nobody
                0 => (vec![pupils(None, first)], YoungByEsia::Allow),
                1 => (
                    vec![
                        pupils(Some(AgeBand::Younger), first),
                        pupils(Some(AgeBand::Older), second),
                    ],
                    YoungByEsia::Allow,
                ),
                2 => {
                    if password != Some(None) {
                        password = Some(Some(AgeBand::Younger));
                    }
                    (vec![pupils(Some(AgeBand::Older), first)], YoungByEsia::Refuse)
                }
                _ => {
                    password = Some(None);
                    (Vec::new(), YoungByEsia::Refuse)
                }
            };
            methods.extend(password.map(|band| MethodRule {
                role: Role::Pupil,
                band,
                method: SignInMethod::Password,
                assurance: Vec::new(),
            }));
            methods.push(by_esia(Role::Parent, None, parents));
            methods.push(by_esia(Role::Staff, None, staff));
            (methods, young)
        },
    )
}

fn consents() -> impl Strategy<Value = Vec<ConsentRule>> {
    let purposes = subsequence(ConsentPurpose::KNOWN, 0..=ConsentPurpose::KNOWN.len());
    let band = prop::option::of(prop::sample::select(AgeBand::KNOWN));
    (purposes, band, givers()).prop_map(|(purposes, band, givers)| {
        let rule = |purpose| ConsentRule {
            role: Role::Pupil,
            band: band.clone(),
            purpose,
            givers: givers.clone(),
        };
        purposes.into_iter().map(rule).collect()
    })
}

/// One giver for all ages, or a parent first and the pupil from no later than that ends.
fn givers() -> impl Strategy<Value = Vec<GiverRule>> {
    let alone = prop::sample::select(ConsentGiver::KNOWN)
        .prop_map(|giver| vec![GiverRule { giver, from: None, until: None }]);
    let ages = (12..=18 * 12_u8, 12..=18 * 12_u8);
    let both = ages.prop_map(|(a, b)| {
        let (from, until) = (Some(months(a.min(b))), Some(months(a.max(b))));
        vec![
            GiverRule { giver: ConsentGiver::Parent, from: None, until },
            GiverRule { giver: ConsentGiver::Pupil, from, until: None },
        ]
    });
    prop_oneof![alone, both]
}

fn matching() -> impl Strategy<Value = Vec<KeyRule>> {
    let fields = subsequence(MatchField::KNOWN, 0..=MatchField::KNOWN.len());
    (fields, 0..3_u8).prop_map(|(with, keys)| {
        let by_snils = KeyRule { key: MatchKey::Snils, with };
        let with = vec![MatchField::BirthDate, MatchField::GivenName];
        let by_phone = KeyRule { key: MatchKey::Phone, with };
        match keys {
            0 => vec![by_snils],
            1 => vec![by_phone],
            _ => vec![by_phone, by_snils],
        }
    })
}

/// Who keeps the registry and the administrator, with or without the others.
fn helpers(keeper: &RegistryKeeper, [with_other, with_support]: [bool; 2]) -> Vec<NextStep> {
    let keeps_it = *keeper == RegistryKeeper::Registrar;
    let helpers = [
        (!keeps_it || with_other, NextStep::AskClassTeacher),
        (keeps_it || with_other, NextStep::AskRegistrar),
        (true, NextStep::AskAdministrator),
        (with_support, NextStep::AskSupport),
    ];
    helpers.into_iter().filter(|(helps, _)| *helps).map(|(_, helper)| helper).collect()
}

fn delays() -> impl Strategy<Value = LockOutDelays> {
    (1..=u16::MAX, 1..=86_400_u32, 0..=86_400_u32, 0..=u32::MAX / 2).prop_map(
        |(free, first_seconds, more, rest)| {
            let greatest_seconds = first_seconds + more;
            let forget_seconds = greatest_seconds + rest;
            LockOutDelays { free, first_seconds, greatest_seconds, forget_seconds }
        },
    )
}
