//! The questions of `bindings/vectors.json`, asked here as Kotlin, Swift and TypeScript ask them.
#![expect(clippy::unwrap_used, reason = "a failed expectation is how a test fails")]

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{
    calendar::{DateRange, Term},
    diary::{DiarySlice, Given, TermSlice},
    error::ApiError,
    foreign::ForeignError,
    id::{AccountId, PersonId, SchoolId},
    identity::{AgeSpan, BirthDate, FullName, Snils},
    people::{Account, Guardianship, Kinship},
    signin::{
        Assurance, At, Attempt, Candidate, ChildFacts, EsiaPerson, Facts, ParentFacts,
        PasswordAttempt, PasswordCheck, PupilFacts,
    },
};
use eschool_uniffi::{
    Admission, Verdict, admit, age_reached_on, compose, decide, parse_phone, parse_snils,
    policy_preset, summarise, what_if,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vectors {
    snils: Vec<Number>,
    phones: Vec<Number>,
    ages: Vec<Age>,
    decisions: Vec<Decision>,
    diary: Days,
    term: OfTerm,
    what_if: Vec<WhatIf>,
}

#[derive(Deserialize)]
struct Number {
    text: String,
    #[serde(alias = "e164")]
    formatted: Option<String>,
    code: Option<String>,
}

#[derive(Deserialize)]
struct Age {
    born: BirthDate,
    years: u8,
    months: u8,
    reached: NaiveDate,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Decision {
    policy: String,
    date: NaiveDate,
    instant: DateTime<Utc>,
    role: String,
    born: Option<BirthDate>,
    attempt: String,
    password: Option<String>,
    assurance: Option<Assurance>,
    answer: String,
    password_ends: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct Days {
    slice: DiarySlice,
    range: DateRange,
    diary: Value,
}

#[derive(Deserialize)]
struct OfTerm {
    slice: TermSlice,
    term: Term,
    summary: Value,
}

#[derive(Deserialize)]
struct WhatIf {
    subject: String,
    given: Vec<Given>,
    mean: Option<String>,
}

fn vectors<T: DeserializeOwned>() -> T {
    serde_json::from_str(include_str!("../../vectors.json")).unwrap()
}

fn code(error: ForeignError) -> String {
    let ForeignError::Refused { code, .. } = error;
    code
}

fn agree(number: &Number, read: Result<String, ForeignError>) {
    let said = match read {
        Ok(text) => (Some(text), None),
        Err(error) => (None, Some(code(error))),
    };
    assert_eq!(said, (number.formatted.clone(), number.code.clone()), "{:?}", number.text);
}

#[test]
fn numbers() {
    let Vectors { snils, phones, .. } = vectors();
    for number in snils {
        agree(&number, parse_snils(&number.text).map(|snils| snils.to_string()));
    }
    for number in phones {
        agree(&number, parse_phone(&number.text).map(|phone| phone.to_string()));
    }
}

#[test]
fn ages() {
    for Age { born, years, months, reached } in vectors::<Vectors>().ages {
        assert_eq!(age_reached_on(AgeSpan { years, months }, born), Ok(reached));
    }
}

fn name() -> FullName {
    FullName::new("Ёлкина", "Анна", Some("Олеговна")).unwrap()
}

fn snils() -> Option<Snils> {
    Snils::parse("112-233-445 95").ok()
}

fn facts(decision: &Decision) -> Facts {
    let id = AccountId(Uuid::from_u128(1));
    let account = Account {
        id,
        school: SchoolId(Uuid::from_u128(7)),
        person: PersonId(Uuid::from_u128(1)),
        name: name(),
        birth_date: decision.born,
        snils: snils(),
        phone: None,
        email: None,
    };
    let child = ChildFacts {
        guardianship: Guardianship {
            parent: id,
            child: AccountId(Uuid::from_u128(2)),
            kinship: Kinship::Mother,
            legal_representative: None,
            from: None,
            until: None,
            barred: false,
        },
        birth_date: None,
        until: None,
    };
    let nobody = Candidate { account, pupil: None, parent: None, staff: None };
    let candidates = match decision.role.as_str() {
        "pupil" => vec![Candidate { pupil: Some(PupilFacts::default()), ..nobody }],
        "parent" => {
            vec![Candidate { parent: Some(ParentFacts { children: vec![child] }), ..nobody }]
        }
        _ => vec![],
    };
    let password = decision.password.as_deref().map(|password| match password {
        "right" => PasswordCheck::Right,
        _ => PasswordCheck::Wrong,
    });
    Facts { password, candidates, ..Facts::default() }
}

fn attempt(decision: &Decision) -> Attempt {
    match &decision.assurance {
        None => Attempt::Password(PasswordAttempt { login: "pr7_elkina".into() }),
        Some(assurance) => Attempt::Esia(EsiaPerson {
            oid: "1000299353".into(),
            assurance: assurance.clone(),
            name: name(),
            birth_date: decision.born,
            snils: snils(),
            verified_phone: None,
            verified_email: None,
            children: vec![],
        }),
    }
}

#[test]
fn decisions() {
    for decision in vectors::<Vectors>().decisions {
        let policy = policy_preset(&decision.policy).unwrap();
        let at = At { instant: decision.instant, date: decision.date };
        let attempt = attempt(&decision);
        assert_eq!(matches!(attempt, Attempt::Password(_)), decision.attempt == "password");
        let verdict = match admit(&policy, &attempt, &at).unwrap() {
            Admission::Refused { refusal } => Verdict::Refused { refusal },
            Admission::Admitted { .. } => decide(&policy, facts(&decision), &attempt, &at).unwrap(),
        };
        let (answer, ends, until) = match verdict {
            Verdict::Refused { refusal } => (refusal.code.to_string(), None, None),
            Verdict::Granted { grant } => {
                ("granted".into(), grant.password_ends, grant.valid_until)
            }
        };
        let what = (&decision.policy, decision.date, &decision.role, &decision.attempt);
        assert_eq!(answer, decision.answer, "{what:?}");
        assert_eq!((ends, until), (decision.password_ends, decision.valid_until), "{what:?}");
    }
}

#[test]
fn diary() {
    let Days { slice, range, diary } = vectors::<Vectors>().diary;
    let composed = serde_json::to_value(compose(slice, range).unwrap()).unwrap();
    assert_eq!(composed, diary, "{composed:#}");
}

#[test]
fn term() {
    let Vectors { term: OfTerm { slice, term, summary }, what_if: questions, .. } = vectors();
    let summarised = summarise(slice, &term).unwrap();
    for WhatIf { subject, given, mean } in questions {
        let subject = summarised.subjects.iter().find(|its| its.subject == subject).unwrap();
        let said = what_if(subject, given).unwrap().map(|mean| mean.to_string());
        assert_eq!(said, mean, "{}", subject.subject);
    }
    let summarised = serde_json::to_value(summarised).unwrap();
    assert_eq!(summarised, summary, "{summarised:#}");
}

#[test]
fn an_error_says_the_same_as_the_cores() {
    let ForeignError::Refused { code, field, value, text_ru, text_en } =
        parse_snils("112-233-445 96").unwrap_err();
    let core = ApiError::of(&Snils::parse("112-233-445 96").unwrap_err(), None);
    assert_eq!(ApiError { code, field, value, text_ru, text_en }, core);
}
