//! What stopped a sign-in otherwise than by not finding anybody.

use alloc::{borrow::Cow, format};

use super::{Told, Words};
use crate::{
    diagnosis::NearAccount,
    signin::{RefusalCode, needed_en, needed_ru},
};

/// Russian and English.
type Both = [&'static str; 2];

impl Words<'_> {
    /// What stopped the sign-in, with the account that it had found, if the viewer may see it. Told
    /// as what was: it may have been mended since.
    pub(super) fn stopped(&self, code: &RefusalCode, near: Option<&NearAccount>) -> Told {
        let ([why_ru, why_en], repair) = reason(code);
        let [repair_ru, repair_en] = match code {
            RefusalCode::EsiaNotConfirmed => self.other_esia_account(repair),
            _ => repair.map(Cow::Borrowed),
        };
        let assurance = &self.refused.said.assurance;
        let (kind_ru, kind_en) = match code {
            RefusalCode::EsiaNotConfirmed => (
                format!(" (тип\u{a0}– «{}»)", assurance.text_ru()),
                format!(" (its type is `{assurance}`)"),
            ),
            _ => Default::default(),
        };
        let (start_ru, start_en) = match near {
            Some(near) => {
                let name = &near.account.name;
                (
                    format!("По учётной записи «{name}» человека узнают, но вход остановлен"),
                    format!("The person is recognised by the account of {name}, but was stopped"),
                )
            }
            None => ("Вход остановлен".into(), "The sign-in was stopped".into()),
        };
        let [last_ru, last_en] = self.pass_on();
        Told::new(
            [format!("{start_ru}: {why_ru}{kind_ru}."), format!("{start_en}: {why_en}{kind_en}.")],
            [
                format!("{repair_ru} Если не получится, {last_ru}."),
                format!("{repair_en} If it fails, {last_en}."),
            ],
        )
    }

    /// The repair where more than a confirmed ЕСИА account serves; else the one given.
    fn other_esia_account(&self, confirmed_alone: Both) -> [Cow<'static, str>; 2] {
        let accounts = self.refused.rules.esia_accounts();
        match (needed_ru(&accounts), needed_en(&accounts)) {
            (Some(ru), Some(en)) => [
                format!(
                    "В школе исправлять нечего: учётная запись {ru}. Пусть человек получит такую и \
                     войдёт ещё раз."
                )
                .into(),
                format!(
                    "There is nothing to mend in the school. As for the account, {en}. Let the \
                     person get one and sign in again."
                )
                .into(),
            ],
            _ => confirmed_alone.map(Cow::Borrowed),
        }
    }
}

/// Why, and the repair.
const fn reason(code: &RefusalCode) -> (Both, Both) {
    const LATER: Both =
        ["Пусть человек войдёт ещё раз позже.", "Let the person sign in again later."];
    match code {
        RefusalCode::EsiaNotConfirmed => (
            [
                "его учётной записи на «Госуслугах» для входа мало",
                "the person's account in ЕСИА is not enough to sign in with",
            ],
            [
                "В школе исправлять нечего: пусть человек подтвердит личность на «Госуслугах» и \
                 войдёт ещё раз.",
                "There is nothing to mend in the school: let the person have the identity \
                 confirmed in ЕСИА and sign in again.",
            ],
        ),
        RefusalCode::AccountClosed => (
            [
                "по данным школы он в ней больше не учится и не работает",
                "by the school's records the person no longer studies or works there",
            ],
            [
                "Проверьте, что за учётной записью есть класс или должность и что их последний \
                 день верен, и пусть человек войдёт ещё раз.",
                "Check that the account has a class or a post and that its last day is right, and \
                 let the person sign in again.",
            ],
        ),
        RefusalCode::NoChildren => (
            [
                "не было ребёнка, чей дневник ему открыт",
                "there was no child whose diary is open to the person",
            ],
            [
                "Проверьте связи с детьми: внесены ли они, их срок, ограничение доступа и \
                 последний день ребёнка в школе. Ограничение снимают только по документам. \
                 Потом пусть человек войдёт ещё раз.",
                "Check the bonds with the children: whether they are entered, their dates, a bar, \
                 and the child's last day in the school. A bar is lifted only by a document. Then \
                 let the person sign in again.",
            ],
        ),
        RefusalCode::ConsentMissing => (
            ["у школы не было действующего согласия", "the school had no consent that holds"],
            [
                "Внесите согласие, если оно дано и действует; если нет, попросите его. Потом пусть \
                 ученик войдёт ещё раз.",
                "Enter the consent if it was given and holds; if not, ask for one. Then let the \
                 pupil sign in again.",
            ],
        ),
        RefusalCode::UsePassword => (
            [
                "ученик этого возраста входит по логину и паролю",
                "a pupil of this age signs in with login and password",
            ],
            [
                "Выдайте ученику карточку с логином и паролем или восстановите пароль.",
                "Give the pupil a card with login and password, or restore the password.",
            ],
        ),
        RefusalCode::UseEsia => (
            ["пароль этому ученику больше не служит", "the password no longer serves this pupil"],
            ["Пусть ученик войдёт через «Госуслуги».", "Let the pupil sign in through ЕСИА."],
        ),
        RefusalCode::WrongCredentials => (
            ["логин или пароль не подошли", "the login or the password was wrong"],
            [
                "Восстановите пароль или выдайте новую карточку.",
                "Restore the password or give out a new card.",
            ],
        ),
        RefusalCode::LockedUntil => {
            (["неудачных попыток было слишком много", "there were too many failed attempts"], LATER)
        }
        RefusalCode::EsiaUnavailable => (["«Госуслуги» не отвечали", "ЕСИА did not answer"], LATER),
        RefusalCode::Busy => {
            (["одновременно входило очень много людей", "very many people were signing in"], LATER)
        }
        RefusalCode::NotFound | RefusalCode::Ambiguous | RefusalCode::Unknown(_) => {
            (["причина этой версии не известна", "the reason is not known to this version"], LATER)
        }
    }
}
