//! Fields by their names.

use alloc::{format, string::String, vec::Vec};

use crate::{
    people::Account,
    signin::{EsiaPerson, Evidence, FieldMatch},
};

/// A word in Russian and in English.
type Word = [&'static str; 2];

/// In which fields an account differs from what ЕСИА said, which it lacks, and which ЕСИА did not
/// give; sentences with a space before them, or nothing.
pub(super) fn differing(account: &Account, said: &EsiaPerson, with_phone: bool) -> [String; 2] {
    let found = Evidence::of(said, account);
    let phone = if with_phone { found.phone } else { FieldMatch::Equal };
    let fields: [(FieldMatch, bool, Word); 6] = [
        (found.family_name, true, ["фамилия", "family name"]),
        (found.given_name, true, ["имя", "given name"]),
        // One that nobody entered takes no part in finding anybody.
        (found.patronymic, true, ["отчество", "patronymic"]),
        (found.birth_date, account.birth_date.is_some(), ["дата рождения", "birth date"]),
        (found.snils, account.snils.is_some(), ["СНИЛС", "СНИЛС"]),
        (phone, account.phone.is_some(), ["телефон", "phone"]),
    ];
    let is_given = |word: Word| match word {
        ["дата рождения", _] => said.birth_date.is_some(),
        ["СНИЛС", _] => said.snils.is_some(),
        ["телефон", _] => said.verified_phone.is_some(),
        _ => true,
    };
    let of = |wanted: &dyn Fn(FieldMatch, bool, bool) -> bool| -> Vec<Word> {
        let words =
            fields.iter().filter(|(field, has, word)| wanted(*field, *has, is_given(*word)));
        words.map(|(.., word)| *word).collect()
    };
    let differ = of(&|field, _, _| field == FieldMatch::Differs);
    let lacking = of(&|field, has, _| field == FieldMatch::Absent && !has);
    let not_given = of(&|field, _, given| field == FieldMatch::Absent && !given);
    let differ_ru = if differ.len() == 1 { "Расходится" } else { "Расходятся" };
    [
        [
            sentence(differ_ru, &differ, |[ru, _]| ru),
            sentence("Не заполнено", &lacking, |[ru, _]| ru),
            sentence("Нет на «Госуслугах»", &not_given, |[ru, _]| ru),
        ]
        .concat(),
        [
            sentence("Different", &differ, |[_, en]| en),
            sentence("Missing", &lacking, |[_, en]| en),
            sentence("Not given by ЕСИА", &not_given, |[_, en]| en),
        ]
        .concat(),
    ]
}

fn sentence(start: &str, words: &[Word], language: fn(Word) -> &'static str) -> String {
    if words.is_empty() {
        return String::new();
    }
    let words: Vec<&str> = words.iter().map(|word| language(*word)).collect();
    format!(" {start}: {}.", words.join(", "))
}

/// «фамилию, имя и СНИЛС»
pub(super) fn listed(words: impl Iterator<Item = Word>) -> [String; 2] {
    let words: Vec<Word> = words.collect();
    let list = |and: &str, language: fn(Word) -> &'static str| {
        let words: Vec<&str> = words.iter().map(|word| language(*word)).collect();
        match words.split_last() {
            Some((last, first)) if !first.is_empty() => {
                format!("{} {and} {last}", first.join(", "))
            }
            _ => words.concat(),
        }
    };
    [list("и", |[ru, _]| ru), list("and", |[_, en]| en)]
}
