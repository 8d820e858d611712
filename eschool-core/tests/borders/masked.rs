//! What tells something of a person and comes as the wrong kind of JSON is refused by its kind
//! alone: no error shows it.

use std::any::type_name;

use eschool_core::{
    diagnosis::{RefusedEntry, TypedPerson},
    diary::{DiaryAttendance, DiaryMark, DiaryRemark},
    identity::{BirthDate, Email, FullName, Login, MobilePhone, Patronymic, Snils},
    journal::{
        Attendance, AttendanceClass, Correction, FinalMark, Homework, Mark, MarkContent,
        MarkRevision, MarkValue, Remark,
    },
    people::{DataBasis, RegistrationCard},
    signin::{EsiaChild, EsiaPerson},
    support::CaseStep,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Values that hold these secrets, of every kind there is.
fn telling() -> Vec<Value> {
    vec![
        json!(11_223_344_595_u64),
        json!(-11_223_344_595_i64),
        json!(11_223_344.595),
        json!("Ёлкина 11223344595"),
        json!("Ёлкина"),
        json!("2010-31-08 11223344595"),
        json!(["Ёлкина", 11_223_344_595_u64, "Ёлкина"]),
        json!([11_223_344_595_u64, "Ёлкина", {"Ёлкина": "Ёлкина"}]),
        json!([["Ёлкина"]]),
        json!({"Ёлкина": "Ёлкина"}),
        json!({"given": 11_223_344_595_u64}),
        json!({"given": {"given": "Ёлкина"}}),
        json!({"given": ["Ёлкина"], "family": "Ёлкина"}),
        json!({"family": "Ёлкина", "given": 11_223_344_595_u64}),
        json!({"family": "Ёлкина", "given": "Анна", "patronymic": "Ёлкина"}),
        json!({"family": "Ёлкина", "given": "Анна", "patronymic": 11_223_344_595_u64}),
        json!({"family": "Ёлкина", "given": "Анна", "patronymic": {"given": 11_223_344_595_u64}}),
        json!({"family": "Ёлкина", "given": "Анна", "patronymic": {"Ёлкина": "Ёлкина"}}),
        json!({"family": "Ёлкина", "given": "Анна", "patronymic": ["Ёлкина"]}),
        json!({"family": "Ёлкина", "given": "Анна", "patronymic": {"given": "Ёлкина 11223344595"}}),
        json!(true),
        Value::Null,
    ]
}

fn tells_nothing(error: &serde_json::Error, of: &str) {
    for secret in ["11223344", "1.122", "2010", "Ёлкина", "Анна", "true"] {
        let told = error.to_string().replace("31.12.2010", "an example");
        assert!(!told.contains(secret), "{of}: {told}");
    }
}

/// How many of the telling values are refused.
fn refused<T: DeserializeOwned>() -> usize {
    let mut refused = 0;
    for value in telling() {
        let text = serde_json::from_str::<T>(&value.to_string()).err();
        let tree = serde_json::from_value::<T>(value).err();
        assert_eq!(text.is_some(), tree.is_some(), "{}", type_name::<T>());
        refused += usize::from(text.is_some());
        text.iter().chain(&tree).for_each(|error| tells_nothing(error, type_name::<T>()));
    }
    refused
}

#[test]
fn no_value_of_a_person_stands_in_the_error_that_refuses_it() {
    let all = telling().len();
    assert_eq!(refused::<Snils>(), all);
    assert_eq!(refused::<MobilePhone>(), all);
    assert_eq!(refused::<Email>(), all);
    assert_eq!(refused::<Login>(), all);
    assert_eq!(refused::<BirthDate>(), all);
    assert_eq!(refused::<FullName>(), all);
    // six have a patronymic, and more beside it
    assert_eq!(refused::<Patronymic>(), all - 6);
    // of these every text is one
    assert_eq!(refused::<MarkValue>(), all - 3);
    assert_eq!(refused::<AttendanceClass>(), all - 3);
}

#[test]
fn a_json_that_breaks_off_or_is_none_is_told_as_such() {
    for text in [r#""112-233"#, "", "-", "nul", r#""\x""#] {
        let error = serde_json::from_str::<Snils>(text).unwrap_err();
        assert!(error.is_eof() || error.is_syntax(), "{text}: {error}");
    }
    for text in [r#"{"family": "Ёлк"#, r#"{"family": "Ли", "given": "Ян", "patronymic": "#] {
        let error = serde_json::from_str::<FullName>(text).unwrap_err();
        assert!(error.is_eof(), "{text}: {error}");
    }
    let given = serde_json::from_str::<FullName>("\n{\"family\": 11223344595}").unwrap_err();
    assert_eq!(given.line(), 2, "{given}");
    let number = serde_json::from_str::<Snils>("11223344595").unwrap_err();
    assert!(number.is_data() && number.to_string().contains("expected a string"), "{number}");
}

/// Puts the telling values into the fields of a row that is read as it is.
fn fields<T: DeserializeOwned>(row: &Value, personal: &[&str]) {
    serde_json::from_value::<T>(row.clone()).unwrap();
    for field in personal {
        for value in telling().into_iter().filter(|value| !value.is_string() && !value.is_null()) {
            let mut row = row.clone();
            row.as_object_mut().unwrap().insert((*field).into(), value);
            let name = format!("{}.{field}", type_name::<T>());
            let refused = [
                serde_json::from_str::<T>(&row.to_string()).err(),
                serde_json::from_value::<T>(row).err(),
            ];
            for error in refused {
                assert!(error.is_some(), "{name}");
                tells_nothing(&error.unwrap(), &name);
            }
        }
    }
}

#[test]
fn no_personal_field_of_a_row_stands_in_the_error_that_refuses_it() {
    let id = "019379ab-0000-7000-8000-000000000001";
    let at = "2024-09-20T12:00:00Z";
    let mark = json!({
        "id": id, "pupil": id, "lesson": id, "work": id, "date": "2024-09-16",
        "value": "5", "comment": "пересдал", "writtenAt": at,
    });
    fields::<Mark>(&mark, &["value", "comment"]);
    let revision = json!({"mark": id, "old": "3", "new": "4", "at": at});
    fields::<MarkRevision>(&revision, &["old", "new", "comment"]);
    fields::<Correction>(&json!({"value": "4", "at": at}), &["value", "comment"]);
    let content = json!({"work": {"kind": "Тест", "title": "", "weight": "1"}, "value": "5"});
    fields::<MarkContent>(&content, &["value", "comment"]);
    let final_mark = json!({
        "pupil": id, "subject": "Физика", "kind": "year", "year": 2024, "value": "4",
    });
    fields::<FinalMark>(&final_mark, &["value"]);
    let absence =
        json!({"pupil": id, "lesson": id, "date": "2024-09-16", "code": "Б", "class": "ill"});
    fields::<Attendance>(&absence, &["code", "class"]);
    fields::<Remark>(&json!({"pupil": id, "lesson": id, "text": "болтал"}), &["text"]);

    let read = json!({
        "id": id, "value": "4-", "work": "Тест", "title": "", "weight": "5", "comment": "пересдал",
    });
    fields::<DiaryMark>(&read, &["value", "comment"]);
    fields::<DiaryAttendance>(&json!({"code": "Б", "class": "ill"}), &["code", "class"]);
    fields::<DiaryRemark>(&json!({"text": "болтал"}), &["text"]);
    fields::<Homework>(&json!({"text": "принести справку"}), &["text"]);
    let step = json!({"at": at, "by": id, "desk": "class_teacher", "act": "note", "text": "позвонил маме"});
    fields::<CaseStep>(&step, &["desk", "act", "text"]);

    let name = json!({"family": "Ли", "given": "Ян"});
    let person = json!({"oid": "1000299353", "assurance": "confirmed", "name": name});
    fields::<EsiaPerson>(
        &person,
        &["oid", "birthDate", "snils", "verifiedPhone", "verifiedEmail", "assurance", "children"],
    );
    fields::<EsiaChild>(&json!({}), &["name", "birthDate", "snils"]);
    let typed = ["family", "given", "birthDate", "snils", "phone"];
    fields::<TypedPerson>(&json!({}), &typed);
    let error = json!({"code": "snils_checksum", "textRu": "", "textEn": ""});
    fields::<RefusedEntry>(&json!({"school": id, "error": error, "typed": {}}), &["cell"]);
    let card = json!({
        "school": "", "founder": "", "municipality": "", "name": name, "login": "pr7_li",
        "password": "25ens2dh", "registered": "2022-08-30", "access": {},
    });
    fields::<RegistrationCard>(&card, &["login", "password"]);
    let basis =
        json!({"account": id, "ground": "consent", "document": "№ 17", "date": "2024-09-01"});
    fields::<DataBasis>(&basis, &["document"]);
}
