//! What staff read about a refused person.

mod entry;
mod kin;

use alloc::{format, string::String, vec::Vec};

use chrono::NaiveDate;

use self::kin::Kin;
use super::{
    Cause, NearAccount,
    clue::{AccountClue, Clue},
};
use crate::{
    identity::Snils,
    signin::{EsiaPerson, Evidence, FieldMatch},
};

/// A finding in words.
pub(super) struct Told {
    pub(super) text_ru: String,
    pub(super) repair_ru: String,
    pub(super) text_en: String,
    pub(super) repair_en: String,
}

impl Told {
    fn new(
        [text_ru, text_en]: [impl Into<String>; 2],
        [repair_ru, repair_en]: [impl Into<String>; 2],
    ) -> Self {
        Self {
            text_ru: text_ru.into(),
            repair_ru: repair_ru.into(),
            text_en: text_en.into(),
            repair_en: repair_en.into(),
        }
    }
}

pub(super) fn tell(clue: &Clue<'_>, said: &EsiaPerson, names_relative: bool) -> Told {
    match clue {
        Clue::SnilsAtRelative(near, relative) => {
            kin::snils_at_relative(near, &Kin { relative, is_named: names_relative }, said)
        }
        Clue::HoldsRelativesSnils(near, relative) => {
            kin::holds_relatives_snils(near, &Kin { relative, is_named: names_relative }, said)
        }
        Clue::Entry(fit, entry) => entry::entry_refused(*fit, entry),
        Clue::Account(told, near) => of_account(*told, near, said),
    }
}

/// What is told of evidence that the viewer may not see, or that there is none.
pub(super) fn tell_notice(cause: &Cause) -> Told {
    match cause {
        Cause::KnownInSchool => Told::new(
            [
                "Похожие данные есть в вашей школе, но не в ваших классах.",
                "There are similar data in your school, but not in your classes.",
            ],
            [
                "Передайте обращение администратору школы.",
                "Pass the case on to the school's administrator.",
            ],
        ),
        Cause::KnownElsewhere => Told::new(
            ["Похожие данные есть в другой школе.", "There are similar data in another school."],
            [
                "Если в вашей школе всё верно, администратор школы передаст обращение в \
                 техническую поддержку.",
                "If everything is right in your school, its administrator passes the case on to \
                 technical support.",
            ],
        ),
        _ => Told::new(
            [
                "Среди данных, которые вам видны, такого человека нет.",
                "There is no such person among the data that you may see.",
            ],
            [
                "Внесите его данные с документов: фамилию, имя, отчество, дату рождения, телефон \
                 и СНИЛС. Если он уже внесён, сверьте каждое поле.",
                "Enter the person from the documents: full name, birth date, phone and СНИЛС. If \
                 the person is there already, compare every field.",
            ],
        ),
    }
}

fn of_account(told: AccountClue, near: &NearAccount, said: &EsiaPerson) -> Told {
    let name = &near.account.name;
    let theirs = masked(said.snils);
    match told {
        AccountClue::SnilsMissing => {
            let [check_ru, check_en] = check(said);
            Told::new(
                [
                    format!("В учётной записи «{name}» нет СНИЛС."),
                    format!("The account of {name} has no СНИЛС."),
                ],
                [
                    format!("Впишите СНИЛС с документа.{check_ru}"),
                    format!("Enter the СНИЛС from the document.{check_en}"),
                ],
            )
        }
        AccountClue::SnilsAtAnother => {
            let [differs_ru, differs_en] = differing(near, said);
            Told::new(
                [
                    format!(
                        "СНИЛС этого человека ({theirs}) стоит в учётной записи «{name}».{differs_ru}"
                    ),
                    format!(
                        "The person's СНИЛС ({theirs}) stands in the account of {name}.{differs_en}"
                    ),
                ],
                [
                    "Сверьте документы. Если СНИЛС внесён сюда по ошибке, впишите верный; если \
                     это один человек, исправьте имя и дату рождения.",
                    "Compare the documents. If the СНИЛС stands here by mistake, enter the right \
                     one; if it is the same person, correct the name and the birth date.",
                ],
            )
        }
        AccountClue::SnilsDiffers => {
            let ours = masked(near.account.snils);
            Told::new(
                [
                    format!(
                        "Имя и дата рождения в учётной записи «{name}» те же, что на \
                         «Госуслугах», а СНИЛС другой: здесь {ours}, там {theirs}."
                    ),
                    format!(
                        "The account of {name} has the same name and birth date as ЕСИА but \
                         another СНИЛС: {ours} here, {theirs} there."
                    ),
                ],
                [
                    "Сверьте СНИЛС с документом. Если здесь опечатка, исправьте её; если номер \
                     верен, это может быть другой человек: передайте обращение администратору \
                     школы.",
                    "Compare the СНИЛС with the document. If it is mistyped here, correct it; if \
                     it is right, this may be somebody else: pass the case on to the school's \
                     administrator.",
                ],
            )
        }
        AccountClue::Closed(last) => closed(near, last),
        AccountClue::PhoneOnly => {
            let [differs_ru, differs_en] = differing(near, said);
            Told::new(
                [
                    format!(
                        "Номер телефона тот же, что в учётной записи «{name}», но одного номера \
                         мало.{differs_ru}"
                    ),
                    format!(
                        "The phone is the one in the account of {name}, but a phone alone is not \
                         enough.{differs_en}"
                    ),
                ],
                [
                    "Если это один человек, исправьте учётную запись и впишите в неё СНИЛС. Если \
                     номер раньше был у другого, впишите другому его нынешний номер.",
                    "If it is the same person, correct the account and enter the СНИЛС. If the \
                     number was somebody else's before, enter that person's present one.",
                ],
            )
        }
        AccountClue::MatchesNow => Told::new(
            [
                format!("Учётная запись «{name}» совпадает с данными «Госуслуг»."),
                format!("The account of {name} agrees with the data of ЕСИА."),
            ],
            [
                "Пусть человек войдёт ещё раз. Если не получится, передайте обращение \
                 администратору школы.",
                "Let the person sign in again. If it fails, pass the case on to the school's \
                 administrator.",
            ],
        ),
    }
}

fn closed(near: &NearAccount, last: NaiveDate) -> Told {
    let name = &near.account.name;
    let day = last.format("%d.%m.%Y");
    Told::new(
        [
            format!("Учётная запись «{name}» закрыта: её последний день – {day}."),
            format!("The account of {name} is closed: its last day was {last}."),
        ],
        [
            "Если ученик не выбыл, а сотрудник не уволен, исправьте дату в школе. Родителю дневник \
             открыт, пока учится ребёнок и действует связь с ним.",
            "If the pupil has not left or the member of staff still works, correct the date. A \
             parent has access while the child studies and the guardianship holds.",
        ],
    )
}

/// In which fields an account differs from what ЕСИА said, and which it lacks.
fn differing(near: &NearAccount, said: &EsiaPerson) -> [String; 2] {
    let found = Evidence::of(said, &near.account);
    let fields = [
        (found.family_name, true, ["фамилия", "family name"]),
        (found.given_name, true, ["имя", "given name"]),
        (found.patronymic, true, ["отчество", "patronymic"]),
        (found.birth_date, near.account.birth_date.is_some(), ["дата рождения", "birth date"]),
        (found.snils, near.account.snils.is_some(), ["СНИЛС", "СНИЛС"]),
    ];
    let list = |language: fn([&'static str; 2]) -> &'static str,
                wanted: &dyn Fn(FieldMatch, bool) -> bool| {
        let words = fields.iter().filter(|(field, has, _)| wanted(*field, *has));
        words.map(|(.., words)| language(*words)).collect::<Vec<_>>().join(", ")
    };
    let differs = |field, _| field == FieldMatch::Differs;
    let lacks = |field, has: bool| field == FieldMatch::Absent && !has;
    let sentence = |start: &str, list: String| {
        if list.is_empty() { list } else { format!(" {start}: {list}.") }
    };
    let (ru, en) = (|[ru, _]: [&'static str; 2]| ru, |[_, en]: [&'static str; 2]| en);
    [
        format!(
            "{}{}",
            sentence("Расходятся", list(ru, &differs)),
            sentence("Не заполнены", list(ru, &lacks))
        ),
        format!(
            "{}{}",
            sentence("Different", list(en, &differs)),
            sentence("Missing", list(en, &lacks))
        ),
    ]
}

/// By which digits staff see that the document is the right one.
fn check(said: &EsiaPerson) -> [String; 2] {
    match said.snils {
        Some(snils) => {
            let last = snils.digits() % 100;
            [
                format!(" По данным «Госуслуг» он оканчивается на {last:02}."),
                format!(" By the data of ЕСИА it ends in {last:02}."),
            ]
        }
        None => [String::new(), String::new()],
    }
}

/// A СНИЛС by its last two digits.
fn masked(snils: Option<Snils>) -> String {
    snils.map(|snils| format!("***-***-*** {:02}", snils.digits() % 100)).unwrap_or_default()
}
