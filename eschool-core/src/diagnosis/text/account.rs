//! What is told of an account.

use alloc::format;

use chrono::NaiveDate;

use super::{Told, Words, check, fields::differing, masked};
use crate::{
    diagnosis::{NearAccount, RefusedPerson, clue::AccountClue},
    policy::MatchKey,
};

impl Words<'_> {
    pub(super) fn of_account(&self, told: AccountClue<'_>, near: &NearAccount) -> Told {
        let said = self.refused.said;
        let name = &near.account.name;
        let theirs = masked(said.snils);
        let [last_ru, last_en] = self.pass_on();
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
                let [differs_ru, differs_en] = differing(&near.account, said, false);
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
                        format!(
                            "Сверьте СНИЛС с документом. Если здесь опечатка, исправьте её; если \
                             номер верен, это может быть другой человек: {last_ru}."
                        ),
                        format!(
                            "Compare the СНИЛС with the document. If it is mistyped here, correct \
                             it; if it is right, this may be somebody else: {last_en}."
                        ),
                    ],
                )
            }
            AccountClue::Closed(last) => closed(near, last),
            AccountClue::PhoneOnly => {
                let [differs_ru, differs_en] = differing(&near.account, said, false);
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
            AccountClue::TooLittleAgrees => self.too_little(near),
            AccountClue::SnilsNotGiven => Told::new(
                [
                    format!(
                        "«Госуслуги» не передали СНИЛС этого человека, и учётную запись «{name}» \
                         сверить не с\u{a0}чем."
                    ),
                    format!(
                        "ЕСИА did not give the person's СНИЛС, so there is nothing to compare the \
                         account of {name} with."
                    ),
                ],
                [
                    "Пусть человек проверит СНИЛС в личном кабинете «Госуслуг» и войдёт ещё раз.",
                    "Let the person check the СНИЛС in the settings of ЕСИА and sign in again.",
                ],
            ),
            AccountClue::Agrees => Told::new(
                [
                    format!(
                        "Учётная запись «{name}» совпадает с данными «Госуслуг»: её одной для \
                         входа хватило бы."
                    ),
                    format!(
                        "The account of {name} agrees with the data of ЕСИА: by itself it would \
                         be enough for a sign-in."
                    ),
                ],
                [
                    format!(
                        "Если такая запись у вас не одна, сверьте документы: у кого эти СНИЛС и \
                         телефон. Если одна, {last_ru}."
                    ),
                    format!(
                        "If you have several such accounts, compare the documents: whose the \
                         СНИЛС and the phone are. If this is the only one, {last_en}."
                    ),
                ],
            ),
            AccountClue::Stopped(code) => self.stopped(code, Some(near)),
            AccountClue::MatchesNow => Told::new(
                [
                    format!("По учётной записи «{name}» человека теперь узнают."),
                    format!("By the account of {name} the person is recognised now."),
                ],
                [
                    format!("Пусть человек войдёт ещё раз. Если не получится, {last_ru}."),
                    format!("Let the person sign in again. If it fails, {last_en}."),
                ],
            ),
        }
    }

    fn too_little(&self, near: &NearAccount) -> Told {
        let RefusedPerson { said, rules, .. } = *self.refused;
        let name = &near.account.name;
        let by_snils = rules.matching.iter().any(|rule| rule.key == MatchKey::Snils);
        let [differs_ru, differs_en] = differing(&near.account, said, !by_snils);
        Told::new(
            [
                format!(
                    "В учётной записи «{name}» с данными «Госуслуг» совпадает слишком мало для \
                     входа.{differs_ru}"
                ),
                format!(
                    "Too little of the account of {name} agrees with the data of ЕСИА for a \
                     sign-in.{differs_en}"
                ),
            ],
            [
                "Сверьте учётную запись с документами: впишите недостающее, исправьте ошибки. Чего \
                 нет на «Госуслугах», пусть человек заполнит там.",
                "Compare the account with the documents: enter what is missing, correct what is \
                 wrong. What ЕСИА lacks, let the person enter there.",
            ],
        )
    }
}

fn closed(near: &NearAccount, last: NaiveDate) -> Told {
    let name = &near.account.name;
    let day = last.format("%d.%m.%Y");
    Told::new(
        [
            format!("Учётная запись «{name}» закрыта: её последний день\u{a0}– {day}."),
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
