//! The book of people as a file.

use eschool_core::{error::CodedError as _, identity::Patronymic};
use eschool_esia::emulator::{PeopleError, SAMPLE_PEOPLE, TestAccount, read_people};

const HEAD: &str =
    "Ключ;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Телефон;Телефон подтверждён;Тип учётной записи";

fn read(rows: &str) -> Result<Vec<eschool_esia::emulator::TestPerson>, PeopleError> {
    read_people(format!("\u{feff}{HEAD}\r\n{rows}").as_bytes())
}

#[test]
fn rows_become_people() {
    let people = read(
        "мама;Ёлкина;Анна;Олеговна;14.05.1986;112-233-445 95;+7(912)3456789;Да;ПОДТВЕРЖДЕННАЯ\n\
         \"имя; только\";Ли;Ян;-;1990-07-07;;;;упрощённая\n\
         без телефона; Елкин ;Пётр;;02.11.1984;;;да;стандартная\n\
         дочь;Ёлкина;Майя;Петровна;05.06.2015;;8 912 345-67-89;нет;детская\n",
    )
    .unwrap();
    let oids: Vec<_> = people.iter().map(|person| person.oid).collect();
    assert_eq!(oids, [1_000_000_001, 1_000_000_002, 1_000_000_003, 1_000_000_004]);
    let accounts: Vec<_> = people.iter().map(|person| person.account).collect();
    use TestAccount::{Child, Confirmed, Simplified, Standard};
    assert_eq!(accounts, [Confirmed, Simplified, Standard, Child]);
    assert_eq!(people[0].snils.unwrap().to_string(), "112-233-445 95");
    assert_eq!(people[0].phone.unwrap().to_string(), "+79123456789");
    assert_eq!(people[1].key, "имя; только");
    assert_eq!(people[1].name.patronymic(), &Patronymic::None);
    assert_eq!((people[1].snils, people[1].phone), (None, None));
    assert_eq!(
        (people[2].name.family(), people[2].name.patronymic()),
        ("Елкин", &Patronymic::Missing)
    );
    let verified: Vec<_> = people.iter().map(|person| person.phone_verified).collect();
    assert_eq!(verified, [true, false, false, false], "no phone is no verified phone");
}

#[test]
fn columns_are_found_by_their_heads() {
    let people = read_people(
        "Заметка;Тип учётной записи;Телефон подтверждён;Телефон;СНИЛС;Дата рождения;Отчество;Имя;Фамилия;Ключ\n\
         x;детская;;;;05.06.2015;Петровна;Майя;Ёлкина;дочь\n"
            .as_bytes(),
    )
    .unwrap();
    assert_eq!((people[0].key.as_str(), people[0].name.given()), ("дочь", "Майя"));
}

#[test]
fn what_is_wrong_is_named_by_line_and_column() {
    let right = "мама;Ёлкина;Анна;Олеговна;14.05.1986;112-233-445 95;+79123456789;да;детская\n";
    for (row, column, code) in [
        (";Ёлкина;Анна;;14.05.1986;;;;детская", "Ключ", "people_cell_empty"),
        ("к;;Анна;;14.05.1986;;;;детская", "Фамилия", "people_cell_empty"),
        ("к;Ёлк1на;Анна;;14.05.1986;;;;детская", "Фамилия", "name_malformed"),
        ("к;Ёлкина;;;14.05.1986;;;;детская", "Имя", "people_cell_empty"),
        ("к;Ёлкина;4нна;;14.05.1986;;;;детская", "Имя", "name_malformed"),
        ("к;Ёлкина;Анна;О1;14.05.1986;;;;детская", "Отчество", "name_malformed"),
        ("к;Ёлкина;Анна;;;;;;детская", "Дата рождения", "people_cell_empty"),
        ("к;Ёлкина;Анна;;30.02.1986;;;;детская", "Дата рождения", "date_invalid"),
        ("к;Ёлкина;Анна;;14.05.1986;112-233-445 96;;;детская", "СНИЛС", "snils_checksum"),
        ("к;Ёлкина;Анна;;14.05.1986;;84912253311;;детская", "Телефон", "phone_not_mobile"),
        ("к;Ёлкина;Анна;;14.05.1986;;;1;детская", "Телефон подтверждён", "people_yes_or_no"),
        ("к;Ёлкина;Анна;;14.05.1986;;;;взрослая", "Тип учётной записи", "people_account"),
        ("к;Ёлкина;Анна;;14.05.1986;;;;", "Тип учётной записи", "people_cell_empty"),
    ] {
        let error = read(&format!("{right}{row}\n")).unwrap_err();
        let PeopleError::Cell { line, column: found, .. } = error else { panic!("{error}") };
        assert_eq!((line, found, error.code()), (3, column, code), "{row}");
        let text = error.to_string();
        assert!(text.contains("line 3") && text.contains(column), "{text}");
        assert!(!text.contains("Ёлк") && !error.text_ru().is_empty(), "{text}");
    }
    let again = read(&format!("{right}{right}")).unwrap_err();
    assert_eq!(again, PeopleError::KeyRepeated { line: 3, first: 2 });
    let windows = format!("{right}к;Ёлкина;;;14.05.1986;;;;детская\n").replace('\n', "\r\n");
    assert!(matches!(read(&windows).unwrap_err(), PeopleError::Cell { line: 3, .. }));
    let quoted = read(&right.replacen("мама", "\"две\nстроки\"", 1).replacen(
        "детская\n",
        "детская\nк\n",
        1,
    ))
    .unwrap_err();
    assert_eq!(quoted, PeopleError::RowMalformed { line: 4 });
    let short = read(&format!("{right}к;Ёлкина\n")).unwrap_err();
    assert_eq!(short, PeopleError::RowMalformed { line: 3 });
}

#[test]
fn e_mails_may_be_there() {
    let with = |head: &str, cells: &str| {
        let row = "к;Ёлкина;Анна;;14.05.1986;;;;детская";
        read_people(format!("{HEAD}{head}\n{row}{cells}\n").as_bytes())
    };
    const BOTH: &str = ";Почта;Почта подтверждена";
    for (head, cells, email, verified) in [
        ("", "", None, false),
        (BOTH, ";;", None, false),
        (BOTH, ";anna@example.org;да", Some("anna@example.org"), true),
        (BOTH, ";anna@example.org;нет", Some("anna@example.org"), false),
        (BOTH, ";anna@example.org;", Some("anna@example.org"), false),
        (BOTH, ";;да", None, false),
        (";Почта", ";anna@example.org", Some("anna@example.org"), false),
        (";Почта подтверждена;Почта", ";да;anna@example.org", Some("anna@example.org"), true),
    ] {
        let people = with(head, cells).unwrap();
        let found = people[0].email.as_ref().map(ToString::to_string);
        assert_eq!((found.as_deref(), people[0].email_verified), (email, verified), "{cells}");
    }
    for (cells, column, code) in [
        (";anna;да", "Почта", "email_malformed"),
        (";anna@example.org;yes", "Почта подтверждена", "people_yes_or_no"),
    ] {
        let error = with(BOTH, cells).unwrap_err();
        assert_eq!(error.code(), code, "{cells}");
        let PeopleError::Cell { line: 2, column: found, .. } = error else { panic!("{error}") };
        assert_eq!(found, column);
        assert!(!error.to_string().contains("anna"), "{error}");
    }
}

#[test]
fn what_is_no_book_is_refused() {
    for column in HEAD.split(';') {
        let head = HEAD.replacen(column, "Другое", 1);
        let error = read_people(head.as_bytes()).unwrap_err();
        let PeopleError::ColumnMissing { column: missing } = error else { panic!("{error}") };
        assert_eq!(missing.split(' ').next(), column.split(' ').next());
    }
    assert!(matches!(read_people(b"").unwrap_err(), PeopleError::ColumnMissing { .. }));
    assert_eq!(read_people(b"\xca\xeb\xfe\xf7;").unwrap_err(), PeopleError::NotUtf8);
    let commas = read_people(HEAD.replace(';', ",").as_bytes()).unwrap_err();
    assert!(matches!(commas, PeopleError::ColumnMissing { .. }));
    assert!(read("").unwrap().is_empty());
}

#[test]
fn the_built_in_book_has_every_account_and_nobody_real() {
    let people = read_people(SAMPLE_PEOPLE).unwrap();
    use TestAccount::{Child, Confirmed, Simplified, Standard};
    for account in [Confirmed, Standard, Simplified, Child] {
        assert!(people.iter().any(|person| person.account == account), "{account:?}");
    }
    assert!(people.iter().filter_map(|person| person.snils).all(|snils| snils.is_exempt()));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_taken(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let _ = read_people(&bytes);
        let rows = [HEAD.as_bytes(), b"\n", &bytes].concat();
        let _ = read_people(&rows);
    }
}
