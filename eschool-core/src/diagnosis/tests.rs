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
    people::{Account, KeptApart, MandatoryField},
    policy::{KeyRule, MatchField, MatchKey, Rules, SignInPolicy},
    signin::{Assurance, Candidate, EsiaPerson, Identified, RefusalCode, identify},
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

/// A row whose СНИЛС is somebody else's, as who reads the file says it.
fn somebody_elses() -> RefusedEntry {
    RefusedEntry {
        error: ApiError {
            code: "snils_conflict".into(),
            text_ru: "СНИЛС записан у другого человека: и имя, и дата рождения другие".into(),
            text_en: "the snils is somebody else's: name and birth date both differ".into(),
            field: Some("СНИЛС".into()),
            value: None,
        },
        cell: THEIRS.into(),
        typed: typed("Ёлкина", "Анна", BORN, THEIRS, ""),
        ..mistyped()
    }
}

fn accounts(accounts: Vec<NearAccount>) -> CaseEvidence {
    CaseEvidence { accounts, ..CaseEvidence::default() }
}

fn entries(refused: Vec<RefusedEntry>) -> CaseEvidence {
    CaseEvidence { refused, ..CaseEvidence::default() }
}

fn class_teacher() -> DiagnosisScope {
    DiagnosisScope::ClassTeacher { school: SCHOOL, classes: vec![CLASS] }
}

fn rules() -> Rules {
    SignInPolicy::ryazan_2022().rules_on(day("2024-09-30")).clone()
}

/// Who was refused with `not_found`.
fn found(evidence: &CaseEvidence, scope: DiagnosisScope) -> Vec<Finding> {
    found_after(&RefusalCode::NotFound, evidence, &[scope])
}

fn found_after(
    refusal: &RefusalCode,
    evidence: &CaseEvidence,
    scopes: &[DiagnosisScope],
) -> Vec<Finding> {
    found_for(&said(), refusal, evidence, &rules(), scopes)
}

fn found_for(
    said: &EsiaPerson,
    refusal: &RefusalCode,
    evidence: &CaseEvidence,
    rules: &Rules,
    scopes: &[DiagnosisScope],
) -> Vec<Finding> {
    let today = day("2024-09-30");
    diagnose(&RefusedPerson { said, refusal, rules, today }, evidence, scopes)
}

fn causes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.cause.as_str()).collect()
}

/// Every situation with its name and the causes found by a class teacher who may see all of it.
fn situations() -> Vec<(&'static str, CaseEvidence, Vec<&'static str>)> {
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
        ("a row set aside", entries(vec![somebody_elses()]), vec!["entry_refused"]),
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
        (
            "nothing but the name",
            accounts(vec![near(account(18, "Ёлкина Анна", "", "", ""))]),
            vec!["too_little_agrees"],
        ),
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
    let mut told: Vec<String> = Vec::new();
    let mut tell = |case: &str, findings: Vec<Finding>| {
        told.extend(findings.iter().map(|finding| words(case, finding)));
    };
    for (case, evidence, _) in situations() {
        tell(case, found(&evidence, class_teacher()));
    }
    let mut relative = with(own(FATHERS), Relation::CoParent, father(THEIRS));
    relative.relatives[0].classes = vec![OTHER_CLASS];
    tell("a relative of another class", found(&accounts(vec![relative]), class_teacher()));
    for scope in [DiagnosisScope::School(SCHOOL), DiagnosisScope::Support] {
        tell("a row set aside, seen from further", found(&entries(vec![somebody_elses()]), scope));
    }
    let nameless = EsiaPerson { snils: None, ..said() };
    let of_own = accounts(vec![own(FATHERS)]);
    let not_given =
        found_for(&nameless, &RefusalCode::NotFound, &of_own, &rules(), &[class_teacher()]);
    tell("ЕСИА gave no СНИЛС", not_given);
    let hidden = accounts(vec![own(THEIRS), in_other_school(another_with_the_number())]);
    for scope in [class_teacher(), DiagnosisScope::School(SCHOOL)] {
        tell("another school", found_after(&RefusalCode::Ambiguous, &hidden, &[scope]));
    }
    let nothing = CaseEvidence::default();
    for scope in [class_teacher(), DiagnosisScope::School(SCHOOL), DiagnosisScope::Support] {
        tell("nothing is seen", found_after(&RefusalCode::Ambiguous, &nothing, &[scope]));
    }
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn what_stopped_the_sign_in_reads_as_people_write() {
    let codes = RefusalCode::KNOWN.iter().cloned().chain([RefusalCode::Unknown("tired".into())]);
    let told: Vec<String> = codes
        .flat_map(|code| {
            let findings = found_after(&code, &accounts(vec![own(THEIRS)]), &[class_teacher()]);
            assert_eq!(findings.len(), 1, "{code}");
            findings.into_iter().map(move |finding| words(code.as_str(), &finding))
        })
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn an_account_that_is_not_enough_is_mended_by_what_the_rules_accept() {
    let policy = SignInPolicy::ryazan_2024();
    let of_children = policy.rules_on(day("2024-09-30"));
    let said = EsiaPerson { assurance: Assurance::Unconfirmed, ..said() };
    let nothing = CaseEvidence::default();
    let code = RefusalCode::EsiaNotConfirmed;
    let told = [("ryazan_2022", &rules()), ("ryazan_2024", of_children)].map(|(name, rules)| {
        let found = found_for(&said, &code, &nothing, rules, &[class_teacher()]);
        assert_eq!(found[0].cause, Cause::EsiaNotConfirmed);
        words(name, &found[0])
    });
    insta::assert_snapshot!(told.join("\n\n"));
}

fn words(case: &str, finding: &Finding) -> String {
    let Finding { cause, text_ru, repair_ru, text_en, repair_en, .. } = finding;
    format!("{case}: {cause}\n  {text_ru}\n  {repair_ru}\n  {text_en}\n  {repair_en}")
}

#[test]
fn a_finding_crosses_as_json() {
    let swapped = with(own(FATHERS), Relation::CoParent, father(THEIRS));
    let evidence = CaseEvidence { refused: vec![mistyped()], ..accounts(vec![swapped]) };
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
    let evidence = CaseEvidence {
        accounts: vec![in_class, in_school, elsewhere],
        refused: vec![row],
        ..CaseEvidence::default()
    };

    let teacher = found(&evidence, class_teacher());
    assert_eq!(causes(&teacher), ["snils_missing"]);
    let school = found(&evidence, DiagnosisScope::School(SCHOOL));
    assert_eq!(causes(&school), ["snils_missing", "entry_refused", "snils_differs"]);
    let support = found(&evidence, DiagnosisScope::Support);
    assert_eq!(
        causes(&support),
        ["snils_missing", "entry_refused", "snils_differs", "snils_differs"]
    );
    let stranger = found(&evidence, DiagnosisScope::School(SchoolId(Uuid::from_u128(3))));
    assert_eq!(causes(&stranger), ["not_entered"]);
    assert_eq!(found_after(&RefusalCode::NotFound, &evidence, &[]), []);

    let both = [class_teacher(), DiagnosisScope::School(SCHOOL)];
    let of_both = found_after(&RefusalCode::NotFound, &evidence, &both);
    assert_eq!(causes(&of_both), causes(&school));

    let json = |findings: &[Finding]| serde_json::to_string(findings).unwrap();
    for hidden in ["Тайная", "Чужая", "89", "74", &OTHER_SCHOOL.to_string()] {
        assert!(!json(&teacher).contains(hidden), "{hidden}");
    }
    assert!(!json(&school).contains("Чужая") && json(&school).contains("Тайная"));
    assert!(json(&support).contains("Чужая"));
}

#[test]
fn who_sees_the_relative_is_told_of_the_relative() {
    let mut own = with(own(FATHERS), Relation::CoParent, father(THEIRS));
    own.relatives[0].classes = vec![OTHER_CLASS];
    let evidence = accounts(vec![own]);
    let teacher = found(&evidence, class_teacher());
    assert_eq!((causes(&teacher), teacher[0].relative), (vec!["snils_differs"], None));
    let school = found(&evidence, DiagnosisScope::School(SCHOOL));
    assert_eq!(causes(&school), ["snils_at_relative"]);
    assert_eq!(school[0].relative, Some(father("").id));
    assert!(school[0].text_ru.contains("Пётр"));
}

fn another_with_the_number() -> NearAccount {
    near(account(13, "Соснова Инна", "01.02.1990", THEIRS, ""))
}

/// Whatever the viewer may not see changes nothing of what is told, but that the person is sent to
/// the door in vain.
#[test]
fn nothing_is_told_of_what_is_not_seen() {
    let hidden = |near: NearAccount| {
        [NearAccount { classes: vec![OTHER_CLASS], ..near.clone() }, in_other_school(near)]
    };
    let by_phone = near(account(15, "Соснова Яна", "", "", PHONE));
    for refusal in [RefusalCode::NotFound, RefusalCode::Ambiguous] {
        let nothing = found_after(&refusal, &CaseEvidence::default(), &[class_teacher()]);
        for near in
            [own(""), own(FATHERS), own(THEIRS), another_with_the_number(), by_phone.clone()]
                .into_iter()
                .flat_map(hidden)
        {
            let told = found_after(&refusal, &accounts(vec![near]), &[class_teacher()]);
            assert_eq!(told, nothing);
        }
    }
    let related = [
        with(own(""), Relation::CoParent, father(THEIRS)),
        with(own(FATHERS), Relation::CoParent, father(THEIRS)),
        with(own(CHILDS), Relation::Child, child(CHILDS)),
    ];
    for near in related {
        let alone = NearAccount { relatives: Vec::new(), ..near.clone() };
        let alone = found(&accounts(vec![alone]), class_teacher());
        for (school, classes) in [(SCHOOL, OTHER_CLASS), (OTHER_SCHOOL, CLASS)] {
            let mut near = near.clone();
            near.relatives[0].classes = vec![classes];
            near.relatives[0].account.school = school;
            assert_eq!(found(&accounts(vec![near]), class_teacher()), alone);
        }
    }
}

#[test]
fn who_matches_is_not_sent_to_the_door_while_another_account_stands_in_the_way() {
    let another = another_with_the_number();
    let by_phone = near(account(15, "Соснова Анна Олеговна", BORN, "", PHONE));
    for (case, other, expected) in [
        ("another name holds the number", another.clone(), vec!["snils_at_another"]),
        ("another person by the phone", by_phone.clone(), vec!["phone_only", "account_agrees"]),
        ("in another school, unseen", in_other_school(another), vec!["account_agrees"]),
        (
            "the same person by the phone",
            near(Account { person: own("").account.person, ..by_phone.account }),
            vec!["matches_now", "matches_now"],
        ),
    ] {
        let evidence = accounts(vec![own(THEIRS), other]);
        let found = found_after(&RefusalCode::Ambiguous, &evidence, &[class_teacher()]);
        assert_eq!(causes(&found), expected, "{case}");
    }
}

#[test]
fn who_somebody_keeps_apart_are_both_shown_until_a_number_is_corrected() {
    let twin = near(account(15, "Ёлкина Анна Олеговна", BORN, THEIRS, ""));
    let [one, other] = [own(THEIRS).account.id, twin.account.id];
    for (kept_apart, expected) in [
        (vec![], ["matches_now", "matches_now"]),
        (vec![KeptApart { one, other }], ["account_agrees", "account_agrees"]),
    ] {
        let evidence = CaseEvidence { kept_apart, ..accounts(vec![own(THEIRS), twin.clone()]) };
        let found = found_after(&RefusalCode::Ambiguous, &evidence, &[class_teacher()]);
        assert_eq!(causes(&found), expected);
    }
}

/// Each of these opens the door, or does not, by the rule of sign-in itself.
#[test]
fn only_who_sign_in_finds_is_sent_to_the_door() {
    let with_phone = |near: NearAccount| {
        let account = Account { phone: MobilePhone::parse(PHONE).ok(), ..near.account };
        NearAccount { account, ..near }
    };
    let stricter = Rules {
        matching: vec![KeyRule { key: MatchKey::Snils, with: vec![MatchField::BirthDate] }],
        ..rules()
    };
    let by_phone = Rules {
        matching: vec![KeyRule { key: MatchKey::Phone, with: vec![MatchField::BirthDate] }],
        ..rules()
    };
    let undated = |near: NearAccount| {
        let account = Account { birth_date: None, ..near.account };
        NearAccount { account, ..near }
    };
    let married = near(account(15, "Соснова Анна Олеговна", BORN, "", PHONE));
    for (case, rules, evidence, expected) in [
        (
            "a second account shares the phone: the СНИЛС decides",
            rules(),
            accounts(vec![with_phone(own(THEIRS)), married.clone()]),
            vec!["phone_only", "matches_now"],
        ),
        (
            "the phone, the given name and the birth date",
            rules(),
            accounts(vec![married.clone()]),
            vec!["matches_now"],
        ),
        (
            "the phone was shared once",
            rules(),
            CaseEvidence { phone_is_shared: true, ..accounts(vec![married]) },
            vec!["phone_only"],
        ),
        (
            "two accounts with the phone alone",
            rules(),
            accounts(vec![
                with_phone(own("")),
                near(account(19, "Соснова Яна", "01.02.1990", FATHERS, PHONE)),
            ]),
            vec!["snils_missing", "phone_only"],
        ),
        (
            "the policy wants the birth date as well",
            stricter.clone(),
            accounts(vec![undated(own(THEIRS))]),
            vec!["too_little_agrees"],
        ),
        ("and has it", stricter, accounts(vec![own(THEIRS)]), vec!["matches_now"]),
        (
            "the policy finds by the phone alone",
            by_phone.clone(),
            accounts(vec![own(THEIRS)]),
            vec!["too_little_agrees"],
        ),
        (
            "and there is the phone",
            by_phone,
            accounts(vec![with_phone(own(""))]),
            vec!["matches_now"],
        ),
    ] {
        let refusal = RefusalCode::NotFound;
        let found = found_for(&said(), &refusal, &evidence, &rules, &[class_teacher()]);
        assert_eq!(causes(&found), expected, "{case}");
        let phone = said().verified_phone.filter(|_| !evidence.phone_is_shared);
        let candidates = evidence.accounts.into_iter().map(|near| Candidate {
            account: near.account,
            pupil: None,
            parent: None,
            staff: None,
        });
        let said = EsiaPerson { verified_phone: phone, ..said() };
        let candidates: Vec<_> = candidates.collect();
        let identified = identify(&rules, &said, &candidates, &evidence.kept_apart);
        let opens = matches!(identified, Identified::Person(_));
        assert_eq!(causes(&found).contains(&"matches_now"), opens, "{case}");
    }
}

#[test]
fn who_was_found_and_refused_is_told_why() {
    use RefusalCode::{AccountClosed, ConsentMissing, EsiaNotConfirmed, NoChildren, UsePassword};
    let seen = accounts(vec![own(THEIRS)]);
    let unseen = accounts(vec![in_other_school(own(THEIRS))]);
    for code in [AccountClosed, ConsentMissing, NoChildren, UsePassword] {
        let found = found_after(&code, &seen, &[class_teacher()]);
        assert_eq!(causes(&found), [code.as_str()]);
        assert_eq!(found[0].account, Some(own("").account.id));
        // What the person read off the screen the viewer may know; the account is not theirs.
        let found = found_after(&code, &unseen, &[class_teacher()]);
        assert_eq!(causes(&found), [code.as_str()]);
        assert_eq!((found[0].account, found[0].school), (None, None));
        assert!(!found[0].text_ru.contains("лкина"));
    }
    let closed = accounts(vec![NearAccount { until: Some(day("2024-09-29")), ..own(THEIRS) }]);
    let found = found_after(&AccountClosed, &closed, &[class_teacher()]);
    assert_eq!(causes(&found), ["account_closed"]);
    assert!(found[0].text_ru.contains("29.09.2024"));

    let said = EsiaPerson { assurance: Assurance::Child, ..said() };
    let unconfirmed = |evidence: &CaseEvidence| {
        let found = found_for(&said, &EsiaNotConfirmed, evidence, &rules(), &[class_teacher()]);
        assert!(found[0].text_ru.contains("«детская»"));
        causes(&found).join(" ")
    };
    assert_eq!(unconfirmed(&seen), "esia_not_confirmed");
    // Nobody was looked for: what else is amiss can be mended meanwhile.
    assert_eq!(unconfirmed(&accounts(vec![own("")])), "esia_not_confirmed snils_missing");
    assert_eq!(unconfirmed(&CaseEvidence::default()), "esia_not_confirmed not_entered");
}

#[test]
fn nobody_is_told_to_enter_a_person_who_stands_before_them() {
    let nameless = EsiaPerson { snils: None, ..said() };
    for (case, said, evidence, expected) in [
        ("no СНИЛС of ЕСИА", &nameless, accounts(vec![own(FATHERS)]), "snils_not_given"),
        ("nor of the account", &nameless, accounts(vec![own("")]), "snils_not_given"),
        (
            "neither birth date nor СНИЛС",
            &said(),
            accounts(vec![near(account(18, "Елкина Анна", "", "", ""))]),
            "too_little_agrees",
        ),
        (
            "of another patronymic",
            &said(),
            accounts(vec![near(account(18, "Елкина Анна Яновна", "", "", ""))]),
            "not_entered",
        ),
        (
            "of another number",
            &said(),
            accounts(vec![near(account(18, "Елкина Анна", "", FATHERS, ""))]),
            "not_entered",
        ),
    ] {
        let refusal = RefusalCode::NotFound;
        let found = found_for(said, &refusal, &evidence, &rules(), &[class_teacher()]);
        assert_eq!(causes(&found), [expected], "{case}");
    }
}

#[test]
fn the_fields_to_enter_are_those_of_the_policy() {
    for (mandatory, fields) in [
        (vec![], "фамилию и имя."),
        (vec![MandatoryField::Snils], "фамилию, имя и СНИЛС."),
        (MandatoryField::KNOWN.to_vec(), "фамилию, имя, отчество, дату рождения, телефон и СНИЛС."),
        (vec![MandatoryField::Unknown("email".into())], "фамилию и имя."),
    ] {
        let rules = Rules { mandatory, ..rules() };
        let (refusal, nothing) = (RefusalCode::NotFound, CaseEvidence::default());
        let found = found_for(&said(), &refusal, &nothing, &rules, &[class_teacher()]);
        assert!(found[0].repair_ru.contains(fields), "{}", found[0].repair_ru);
    }
}

#[test]
fn nobody_is_told_to_pass_a_case_on_to_themselves() {
    let refused = [RefusalCode::NotFound, RefusalCode::Ambiguous];
    let evidence = [
        CaseEvidence::default(),
        accounts(vec![own(FATHERS)]),
        accounts(vec![own(THEIRS)]),
        accounts(vec![own(THEIRS), in_other_school(another_with_the_number())]),
        entries(vec![mistyped()]),
        entries(vec![somebody_elses()]),
    ];
    for (scope, never) in
        [(DiagnosisScope::School(SCHOOL), "администратор"), (DiagnosisScope::Support, "передайте")]
    {
        for (code, evidence) in
            refused.iter().flat_map(|code| evidence.iter().map(move |one| (code, one)))
        {
            let found = found_after(code, evidence, &[class_teacher(), scope.clone()]);
            for Finding { text_ru, repair_ru, .. } in found {
                assert!(!format!("{text_ru} {repair_ru}").contains(never), "{repair_ru}");
            }
        }
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
        ..CaseEvidence::default()
    };
    assert_eq!(causes(&found(&evidence, class_teacher())), ["not_entered"]);
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
            let evidence = |(accounts, refused)| CaseEvidence {
                accounts,
                refused,
                ..CaseEvidence::default()
            };
            let straight = evidence((accounts.clone(), refused.clone()));
            let shuffled = (Just(accounts).prop_shuffle(), Just(refused).prop_shuffle());
            let shuffled = shuffled.prop_map(evidence);
            (Just(straight), shuffled)
        }),
    ) {
        let [straight, shuffled] = [&straight, &shuffled]
            .map(|evidence| found(evidence, DiagnosisScope::School(SCHOOL)));
        prop_assert_eq!(straight, shuffled);
    }
}
