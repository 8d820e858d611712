use alloc::{
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};

use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    error::{ApiError, CodedError},
    id::{AccountId, ClassId, PersonId, SchoolId},
    identity::{DateError, FullName, MobilePhone, PhoneError, Snils, SnilsError},
    people::Account,
    signin::EsiaPerson,
};

const SCHOOL: SchoolId = SchoolId(Uuid::from_u128(1));
const OTHER_SCHOOL: SchoolId = SchoolId(Uuid::from_u128(2));
const CLASS: ClassId = ClassId(Uuid::from_u128(71));
const OTHER_CLASS: ClassId = ClassId(Uuid::from_u128(72));

const THEIRS: &str = "001-019-899 99";
const FATHERS: &str = "116-973-385 89";
const CHILDS: &str = "112-855-899 74";
const PHONE: &str = "+79123456789";
const BORN: &str = "17.05.1985";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn said() -> EsiaPerson {
    serde_json::from_value(serde_json::json!({
        "oid": "1000299353", "assurance": "confirmed", "snils": THEIRS, "verifiedPhone": PHONE,
        "name": {"family": "Ёлкина", "given": "Анна", "patronymic": {"given": "Олеговна"}},
        "birthDate": "1985-05-17",
    }))
    .unwrap()
}

/// An account of the first school: name, birth date, СНИЛС and phone, empty where it has none.
fn account(number: u128, name: &str, born: &str, snils: &str, phone: &str) -> Account {
    let parts: Vec<&str> = name.split(' ').collect();
    Account {
        id: AccountId(Uuid::from_u128(number)),
        school: SCHOOL,
        person: PersonId(Uuid::from_u128(number)),
        name: FullName::new(parts[0], parts[1], parts.get(2).copied()).unwrap(),
        birth_date: born.parse().ok(),
        snils: Snils::parse(snils).ok(),
        phone: MobilePhone::parse(phone).ok(),
        email: None,
    }
}

fn near(account: Account) -> NearAccount {
    NearAccount { account, classes: vec![CLASS], until: None, relatives: Vec::new() }
}

/// The person's own account, with this СНИЛС.
fn own(snils: &str) -> NearAccount {
    near(account(10, "Елкина Анна Олеговна", BORN, snils, ""))
}

fn father(snils: &str) -> Account {
    account(11, "Ёлкин Пётр Львович", "03.03.1983", snils, "")
}

fn child(snils: &str) -> Account {
    account(12, "Ёлкин Яков Петрович", "02.06.2015", snils, "")
}

fn with(mut near: NearAccount, relation: Relation, account: Account) -> NearAccount {
    near.relatives.push(Relative { relation, account, classes: near.classes.clone() });
    near
}

fn typed(family: &str, given: &str, birth_date: &str, snils: &str, phone: &str) -> TypedPerson {
    TypedPerson {
        family: family.into(),
        given: given.into(),
        birth_date: birth_date.into(),
        snils: snils.into(),
        phone: phone.into(),
    }
}

fn refused(error: &dyn CodedError, column: &str, cell: &str, typed: TypedPerson) -> RefusedEntry {
    RefusedEntry {
        school: SCHOOL,
        row: Some(RowPlace { file: "parents.csv".into(), line: 229 }),
        error: ApiError::of(error, Some(column)),
        cell: cell.into(),
        typed,
        classes: vec![CLASS],
    }
}

fn mistyped() -> RefusedEntry {
    let typed = typed("ЕЛКИНА", "Анна ", BORN, "112-233-445 96", "");
    refused(&SnilsError::Checksum { control: 96 }, "СНИЛС", "112-233-445 96", typed)
}

fn accounts(accounts: Vec<NearAccount>) -> CaseEvidence {
    CaseEvidence { accounts, refused: Vec::new() }
}

fn entries(refused: Vec<RefusedEntry>) -> CaseEvidence {
    CaseEvidence { accounts: Vec::new(), refused }
}

fn class_teacher() -> DiagnosisScope {
    DiagnosisScope::ClassTeacher { school: SCHOOL, classes: vec![CLASS] }
}

fn found(evidence: &CaseEvidence, scope: DiagnosisScope) -> Vec<Finding> {
    diagnose(&said(), evidence, &[scope], day("2024-09-30"))
}

fn causes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.cause.as_str()).collect()
}

/// Every situation with its name and the causes found by a class teacher who may see all of it.
fn situations() -> Vec<(&'static str, CaseEvidence, Vec<&'static str>)> {
    let of = |code: &str, row| {
        let typed = typed("Ёлкина", "Анна", BORN, THEIRS, "");
        let entry = refused(&SnilsError::Checksum { control: 99 }, "СНИЛС", THEIRS, typed);
        let text_ru = "СНИЛС записан у другого человека".into();
        RefusedEntry { error: ApiError { code: code.into(), text_ru, ..entry.error }, row, ..entry }
    };
    vec![
        ("no СНИЛС", accounts(vec![own("")]), vec!["snils_missing"]),
        (
            "parents swapped",
            accounts(vec![
                with(own(FATHERS), Relation::CoParent, father(THEIRS)),
                near(father(THEIRS)),
            ]),
            vec!["snils_at_relative"],
        ),
        (
            "the number stands in the child's account alone",
            accounts(vec![with(own(""), Relation::Child, child(THEIRS)), near(child(THEIRS))]),
            vec!["snils_at_relative"],
        ),
        (
            "the number stands in the child's account as well",
            accounts(vec![with(own(THEIRS), Relation::Child, child(THEIRS))]),
            vec!["snils_at_relative"],
        ),
        (
            "the child's number entered",
            accounts(vec![with(own(CHILDS), Relation::Child, child(CHILDS))]),
            vec!["holds_relatives_snils"],
        ),
        ("a row with a mistyped number", entries(vec![mistyped()]), vec!["entry_refused"]),
        (
            "a row with an impossible date",
            entries(vec![refused(
                &DateError::BirthInvalid,
                "Дата рождения",
                "31.02.1985",
                typed("Ёлкина", "Анна", "31.02.1985", "", ""),
            )]),
            vec!["entry_refused"],
        ),
        (
            "a form with a wrong phone",
            entries(vec![RefusedEntry {
                row: None,
                ..refused(&PhoneError::Missing, "Телефон", "", typed("Ёлкина", "Анна", "", "", ""))
            }]),
            vec!["entry_refused"],
        ),
        (
            "a row set aside",
            entries(vec![of("snils_conflict", mistyped().row)]),
            vec!["entry_refused"],
        ),
        (
            "a row with the same phone and another date",
            entries(vec![refused(
                &Snils::parse("нет").unwrap_err(),
                "СНИЛС",
                "нет",
                typed("Ёлкина", "Анна", "18.05.1985", "нет", "8 912 345-67-89, 25-33-11"),
            )]),
            vec!["entry_refused"],
        ),
        (
            "somebody else has the number",
            accounts(vec![near(account(13, "Соснова Инна", "17.05.1985", THEIRS, ""))]),
            vec!["snils_at_another"],
        ),
        ("another number", accounts(vec![own(FATHERS)]), vec!["snils_differs"]),
        (
            "closed",
            accounts(vec![NearAccount { until: Some(day("2024-09-29")), ..own(THEIRS) }]),
            vec!["account_closed"],
        ),
        (
            "only the phone",
            accounts(vec![near(account(14, "Соснова Инна Олеговна", "", "", PHONE))]),
            vec!["phone_only"],
        ),
        ("mended since", accounts(vec![own(THEIRS)]), vec!["matches_now"]),
        ("nobody", CaseEvidence::default(), vec!["not_entered"]),
    ]
}

#[test]
fn every_situation_has_its_cause() {
    for (case, evidence, expected) in situations() {
        assert_eq!(causes(&found(&evidence, class_teacher())), expected, "{case}");
    }
}

#[test]
fn findings_read_as_people_write() {
    let told = situations().into_iter().flat_map(|(case, evidence, _)| {
        found(&evidence, class_teacher()).into_iter().map(move |finding| words(case, &finding))
    });
    let hidden = accounts(vec![NearAccount { classes: vec![OTHER_CLASS], ..own("") }]);
    let elsewhere = accounts(vec![in_other_school(own(""))]);
    let notices = [("in another class", hidden), ("in another school", elsewhere)];
    let notices = notices.into_iter().filter_map(|(case, evidence)| {
        found(&evidence, class_teacher()).last().map(|finding| words(case, finding))
    });
    let mut relative = with(own(FATHERS), Relation::CoParent, father(THEIRS));
    relative.relatives[0].classes = vec![OTHER_CLASS];
    let unnamed = found(&accounts(vec![relative]), class_teacher());
    let unnamed = unnamed.iter().map(|finding| words("a relative of another class", finding));
    let told: Vec<String> = told.chain(unnamed).chain(notices).collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

fn words(case: &str, finding: &Finding) -> String {
    let Finding { cause, text_ru, repair_ru, text_en, repair_en, .. } = finding;
    format!("{case}: {cause}\n  {text_ru}\n  {repair_ru}\n  {text_en}\n  {repair_en}")
}

#[test]
fn a_finding_crosses_as_json() {
    let swapped = with(own(FATHERS), Relation::CoParent, father(THEIRS));
    let evidence = CaseEvidence { accounts: vec![swapped], refused: vec![mistyped()] };
    insta::assert_json_snapshot!(found(&evidence, class_teacher()));
}

fn in_other_school(near: NearAccount) -> NearAccount {
    let account = Account { school: OTHER_SCHOOL, ..near.account };
    NearAccount { account, ..near }
}

#[test]
fn each_viewer_sees_what_is_theirs() {
    let in_class = own("");
    let in_school = NearAccount {
        classes: vec![OTHER_CLASS],
        ..near(account(20, "Ёлкина Анна Тайная", BORN, FATHERS, ""))
    };
    let elsewhere = in_other_school(near(account(21, "Ёлкина Анна Чужая", BORN, CHILDS, "")));
    let row = RefusedEntry { classes: Vec::new(), ..mistyped() };
    let evidence =
        CaseEvidence { accounts: vec![in_class, in_school, elsewhere], refused: vec![row] };

    let teacher = found(&evidence, class_teacher());
    assert_eq!(causes(&teacher), ["snils_missing", "known_in_school", "known_elsewhere"]);
    let school = found(&evidence, DiagnosisScope::School(SCHOOL));
    assert_eq!(
        causes(&school),
        ["snils_missing", "entry_refused", "snils_differs", "known_elsewhere"]
    );
    let support = found(&evidence, DiagnosisScope::Support);
    assert_eq!(
        causes(&support),
        ["snils_missing", "entry_refused", "snils_differs", "snils_differs"]
    );
    let stranger = found(&evidence, DiagnosisScope::School(SchoolId(Uuid::from_u128(3))));
    assert_eq!(causes(&stranger), ["not_entered", "known_elsewhere"]);
    assert_eq!(diagnose(&said(), &evidence, &[], day("2024-09-30")), []);

    let both = [class_teacher(), DiagnosisScope::School(SCHOOL)];
    assert_eq!(diagnose(&said(), &evidence, &both, day("2024-09-30")), school);

    let json = |findings: &[Finding]| serde_json::to_string(findings).unwrap();
    for hidden in ["Тайная", "Чужая", "89", "74", &OTHER_SCHOOL.to_string()] {
        assert!(!json(&teacher).contains(hidden), "{hidden}");
    }
    assert!(!json(&school).contains("Чужая") && json(&school).contains("Тайная"));
    assert!(json(&support).contains("Чужая"));
}

#[test]
fn a_relative_of_another_class_is_not_named() {
    let mut own = with(own(FATHERS), Relation::CoParent, father(THEIRS));
    own.relatives[0].classes = vec![OTHER_CLASS];
    let evidence = accounts(vec![own]);
    let teacher = found(&evidence, class_teacher());
    assert_eq!((teacher[0].relative, teacher[0].text_ru.contains("Пётр")), (None, false));
    let school = found(&evidence, DiagnosisScope::School(SCHOOL));
    assert_eq!(school[0].relative, Some(father("").id));
    assert!(school[0].text_ru.contains("Пётр"));
}

#[test]
fn who_matches_is_not_sent_to_the_door_while_another_account_stands_in_the_way() {
    let another = near(account(13, "Соснова Инна", "01.02.1990", THEIRS, ""));
    let by_phone = near(account(15, "Соснова Анна Олеговна", BORN, "", PHONE));
    for (case, other, expected) in [
        ("another name holds the number", another.clone(), vec!["snils_at_another"]),
        ("another person by the phone", by_phone.clone(), vec!["phone_only"]),
        (
            "in another school, unseen",
            in_other_school(another),
            vec!["not_entered", "known_elsewhere"],
        ),
        (
            "the same person by the phone",
            near(Account { person: own("").account.person, ..by_phone.account }),
            vec!["phone_only", "matches_now"],
        ),
    ] {
        let evidence = accounts(vec![own(THEIRS), other]);
        assert_eq!(causes(&found(&evidence, class_teacher())), expected, "{case}");
    }
}

#[test]
fn an_account_is_closed_from_the_day_after_its_last() {
    for (last, expected) in [("2024-09-29", "account_closed"), ("2024-09-30", "snils_missing")] {
        let evidence = accounts(vec![NearAccount { until: Some(day(last)), ..own("") }]);
        assert_eq!(causes(&found(&evidence, class_teacher())), [expected]);
    }
}

#[test]
fn namesakes_and_strangers_are_left_out() {
    let error = SnilsError::Checksum { control: 96 };
    let row = |typed| refused(&error, "СНИЛС", "", typed);
    let evidence = CaseEvidence {
        accounts: vec![
            near(account(16, "Ёлкина Анна Олеговна", "18.05.1985", FATHERS, "")),
            near(account(17, "Ёлкина Яна Олеговна", BORN, FATHERS, "")),
        ],
        refused: vec![
            row(typed("Ёлкина", "Анна", "18.05.1985", "", "")),
            row(typed("Ёлкина", "Яна", BORN, "", "")),
        ],
    };
    assert_eq!(causes(&found(&evidence, class_teacher())), ["not_entered"]);
}

#[test]
fn nobody_is_blamed_for_a_snils_that_esia_did_not_give() {
    let said = EsiaPerson { snils: None, ..said() };
    let evidence = accounts(vec![own(FATHERS), with(own(""), Relation::Child, child(""))]);
    let found = diagnose(&said, &evidence, &[class_teacher()], day("2024-09-30"));
    assert_eq!(causes(&found), ["snils_missing"]);
    assert!(!found[0].repair_ru.contains("оканчивается"));
}

#[test]
fn no_text_and_no_debug_shows_a_whole_number_or_tells_whose_it_is() {
    for (case, evidence, _) in situations() {
        let findings = found(&evidence, class_teacher());
        let json = serde_json::to_string(&findings).unwrap();
        for number in [THEIRS, FATHERS, CHILDS, "112-233-445 96", PHONE] {
            assert!(!json.contains(number), "{case}: {number}");
        }
        let debug = format!("{findings:?} {evidence:?}");
        for personal in ["лкин", "ЕЛКИН", "1985", "019-899", "912345"] {
            assert!(!debug.contains(personal), "{case}: {debug}");
        }
    }
}

proptest! {
    #[test]
    fn the_order_of_the_evidence_does_not_matter(
        (straight, shuffled) in prop::sample::subsequence(
            situations().into_iter().map(|(_, evidence, _)| evidence).collect::<Vec<_>>(),
            0..=6,
        )
        .prop_flat_map(|parts| {
            let gather = |parts: Vec<CaseEvidence>| {
                let accounts: Vec<_> = parts.iter().flat_map(|p| p.accounts.clone()).collect();
                (accounts, parts.into_iter().flat_map(|part| part.refused).collect::<Vec<_>>())
            };
            let (accounts, refused) = gather(parts);
            let straight = CaseEvidence { accounts: accounts.clone(), refused: refused.clone() };
            let shuffled = (Just(accounts).prop_shuffle(), Just(refused).prop_shuffle());
            let shuffled =
                shuffled.prop_map(|(accounts, refused)| CaseEvidence { accounts, refused });
            (Just(straight), shuffled)
        }),
    ) {
        let [straight, shuffled] = [&straight, &shuffled]
            .map(|evidence| found(evidence, DiagnosisScope::School(SCHOOL)));
        prop_assert_eq!(causes(&straight), causes(&shuffled));
    }
}
