//! The card as a person and as a client reads it.

use alloc::{format, string::String};

use super::*;

/// The card of the document, with what its scan leaves readable.
fn documents_card() -> RegistrationCard {
    serde_json::from_str(
        r#"{
            "system": "Образование",
            "school": "Муниципальное общеобразовательное учреждение «Октябрьская средняя общеобразовательная школа» Пронского района Рязанской области",
            "founder": "Управление образования и молодёжной политики администрации",
            "municipality": "муниципальное образование – Пронский муниципальный район",
            "name": {"family": "Проверка", "given": "Проверка", "patronymic": {"given": "Проверка"}},
            "login": "pr7_test", "password": "25ens2dh", "rights": "pupil",
            "registered": "2022-08-30",
            "access": {
                "address": "https://e-school.ryazangov.ru/auth/login-page",
                "browsers": "Internet Explorer 8 и выше (только для Windows); Safari 3 и выше; Google Chrome 3 и выше",
                "line": "не менее 256 Кбит/сек."
            },
            "support": {"site": "https://help.example.org", "contacts": "+7 4912 00-00-00"},
            "responsible": {"family": "Лихоткина", "given": "Татьяна", "patronymic": {"given": "Михайловна"}},
            "printed": "2022-08-30", "handedOut": "2022-09-01"
        }"#,
    )
    .unwrap()
}

/// A card of which nothing is known that need not be.
fn bare_card(family: &str, login: &str, password: &str) -> RegistrationCard {
    serde_json::from_value(serde_json::json!({
        "school": "МБОУ «Школа № 7»", "founder": "", "municipality": " ", "class": "5А",
        "name": {"family": family, "given": "Анна"},
        "login": login, "password": password, "registered": "2024-09-02",
    }))
    .unwrap()
}

#[test]
fn a_card_looks_like_the_one_of_the_document() {
    insta::assert_snapshot!(documents_card().text_ru());
}

#[test]
fn what_nobody_knows_is_a_line_for_the_hand() {
    insta::assert_snapshot!(bare_card("Ёлкина", "s7_yolkina", "25ens2dh").text_ru());
}

#[test]
fn a_card_crosses_as_json() {
    insta::assert_json_snapshot!("a_card_on_the_wire", documents_card());
    let bare = bare_card("Ёлкина", "s7_yolkina", "25ens2dh");
    insta::assert_json_snapshot!("a_bare_card_on_the_wire", bare);
    for card in [documents_card(), bare] {
        let json = serde_json::to_string(&card).unwrap();
        assert_eq!(serde_json::from_str::<RegistrationCard>(&json).unwrap(), card);
    }
}

#[test]
fn every_line_of_every_card_is_as_wide() {
    for (family, login, password) in [
        ("Проверка", "pr7_test", "25ens2dh"),
        (&"Очень-Длинная".repeat(7), &"l".repeat(64), "25ens2dh25ens2dh25ens"),
        ("Ли", "p_l", "25ens2dhk"),
    ] {
        let mut card = bare_card(family, login, password);
        card.access.browsers = Some("любой ".repeat(60));
        card.support.site = Some("https://help.example.org/".repeat(4));
        card.responsible = Some(card.name.clone());
        card.system = "Очень длинное имя системы ".repeat(4);
        let text = card.text_ru();
        for line in text.lines() {
            assert_eq!(line.chars().count(), 78, "{line}");
        }
        let cells = text.lines().flat_map(|line| line.split('│')).map(str::trim);
        let boxed: String = cells.filter(|cell| cell.chars().count() == 1).collect();
        assert_eq!(boxed, password, "{text}");
    }
}

/// A word of millions of letters costs by its length, not by the square of it, and none is lost.
#[test]
fn a_word_of_any_length_is_laid_out() {
    let mut card = bare_card("Ли", "p_l", "25ens2dh");
    card.support.site = Some("ω".repeat(4_000_000));
    let text = card.text_ru();
    assert_eq!(text.matches('ω').count(), 4_000_000);
    assert!(text.lines().all(|line| line.chars().count() == 78));
}

#[test]
fn the_part_that_stays_in_the_school_holds_no_secret() {
    let text = documents_card().text_ru();
    let (holders, schools) = text.split_once('╌').unwrap();
    assert!(holders.contains("pr7_test") && holders.contains("│ 2 │ 5 │ e │"));
    assert!(!schools.contains("pr7_test") && !schools.contains("│ 2 │"));
    assert!(schools.contains("/ Проверка П. П."));
}

#[test]
fn debug_tells_nothing_of_a_card() {
    assert_eq!(format!("{:?}", documents_card()), "RegistrationCard(***)");
}
