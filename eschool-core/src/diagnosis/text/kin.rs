//! A СНИЛС that stands in the wrong account of a family.

use alloc::{format, string::String};

use super::{Told, check, masked};
use crate::{
    diagnosis::{NearAccount, Relative},
    signin::EsiaPerson,
};

/// Where the number stands, in Russian and in English.
fn at(relative: &Relative) -> [String; 2] {
    let Relative { relation, account, .. } = relative;
    let name = &account.name;
    [
        format!("у родственника («{name}», {})", relation.text_ru()),
        format!("a relative ({name}, {})", relation.text_en()),
    ]
}

pub(super) fn snils_at_relative(
    near: &NearAccount,
    relative: &Relative,
    said: &EsiaPerson,
) -> Told {
    let name = &near.account.name;
    let (theirs, ours) = (masked(said.snils), masked(near.account.snils));
    let [at_ru, at_en] = at(relative);
    if near.account.snils.is_none() {
        return Told::new(
            [
                format!(
                    "СНИЛС этого человека ({theirs}) стоит {at_ru}, а в учётной записи «{name}» \
                     СНИЛС нет."
                ),
                format!(
                    "The person's СНИЛС ({theirs}) stands in the account of {at_en}, and the \
                     account of {name} has none."
                ),
            ],
            [
                "Сверьте СНИЛС с документами и впишите каждому свой.",
                "Compare the СНИЛС with the documents and enter each person's own.",
            ],
        );
    }
    if near.account.snils == said.snils {
        return Told::new(
            [
                format!(
                    "СНИЛС этого человека ({theirs}) стоит и в учётной записи «{name}», и {at_ru}."
                ),
                format!(
                    "The person's СНИЛС ({theirs}) stands in the account of {name} and in that of \
                     {at_en} as well."
                ),
            ],
            [
                "Впишите родственнику его собственный СНИЛС с документа.",
                "Enter the relative's own СНИЛС from the document.",
            ],
        );
    }
    Told::new(
        [
            format!(
                "СНИЛС перепутаны: номер этого человека ({theirs}) стоит {at_ru}, а в учётной \
                 записи «{name}»\u{a0}– {ours}."
            ),
            format!(
                "The СНИЛС are mixed up: the person's ({theirs}) stands in the account of {at_en}, \
                 and the account of {name} has {ours}."
            ),
        ],
        [
            "Сверьте оба номера с документами и впишите каждому свой.",
            "Compare both numbers with the documents and enter each person's own.",
        ],
    )
}

pub(super) fn holds_relatives_snils(
    near: &NearAccount,
    relative: &Relative,
    said: &EsiaPerson,
) -> Told {
    let name = &near.account.name;
    let ours = masked(near.account.snils);
    let [at_ru, at_en] = at(relative);
    let [check_ru, check_en] = check(said);
    Told::new(
        [
            format!("В учётной записи «{name}» стоит тот же СНИЛС ({ours}), что {at_ru}."),
            format!("The account of {name} has the same СНИЛС ({ours}) as {at_en}."),
        ],
        [
            format!(
                "Впишите в учётную запись «{name}» СНИЛС самого человека с документа.{check_ru}"
            ),
            format!(
                "Enter the person's own СНИЛС from the document in the account of \
                 {name}.{check_en}"
            ),
        ],
    )
}
