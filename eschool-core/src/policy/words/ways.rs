//! The ways in, and the age at which they change.

use alloc::{format, string::String, vec::Vec};

use super::{
    phrases::{Age, accounts_en, accounts_ru},
    rules::{Sentence, says},
};
use crate::{
    policy::{AgeBand, Role, Rules, YoungByEsia},
    signin::Assurance,
    words::counted,
};

const CARD_RU: &str = "по логину и паролю с карточки, которую выдаёт школа";
const CARD_EN: &str = "with the login and password of the card the school gives out";
const ESIA_RU: &str = "через ЕСИА («Госуслуги»)";
const ESIA_EN: &str = "through the state sign-in (ЕСИА)";

/// The ways in of one age band.
#[derive(PartialEq, Eq)]
pub(super) struct Ways<'a> {
    pub(super) password: bool,
    esia: &'a [Assurance],
}

impl Ways<'_> {
    fn ru(&self) -> String {
        let by_esia = || format!("{ESIA_RU} – {}", accounts_ru(self.esia));
        match (self.password, self.esia) {
            (true, []) => format!("только {CARD_RU}"),
            (true, _) => format!("{CARD_RU}, или {}", by_esia()),
            (false, _) => format!("только {}", by_esia()),
        }
    }

    fn en(&self) -> String {
        let by_esia = || format!("{ESIA_EN} {}", accounts_en(self.esia));
        match (self.password, self.esia) {
            (true, []) => format!("only {CARD_EN}"),
            (true, _) => format!("{CARD_EN} or {}", by_esia()),
            (false, _) => format!("only {}", by_esia()),
        }
    }
}

impl Rules {
    pub(super) fn ways(&self, band: &AgeBand) -> Ways<'_> {
        Ways {
            password: self.allows_password(&Role::Pupil, Some(band)),
            esia: self.esia_assurance(&Role::Pupil, Some(band)),
        }
    }

    fn ways_differ(&self) -> bool {
        self.ways(&AgeBand::Younger) != self.ways(&AgeBand::Older)
    }

    pub(super) fn threshold_says(&self) -> Sentence {
        let Age { ru, en } = self.threshold.into();
        if self.ways_differ() || self.consent.iter().any(|rule| rule.band.is_some()) {
            says(
                "threshold",
                format!("Порядок входа меняется в тот день, когда ученик достигает {ru}."),
                format!("The way in changes on the very day a pupil reaches the age of {en}."),
            )
        } else {
            says(
                "threshold",
                "Способ входа не зависит от возраста ученика.",
                "The way in does not depend on a pupil's age.",
            )
        }
    }

    pub(super) fn methods_say(&self) -> Vec<Sentence> {
        let (younger, older) = (self.ways(&AgeBand::Younger), self.ways(&AgeBand::Older));
        let method = |who_ru: &str, who_en: &str, ru: String, en: String| {
            says("methods", format!("{who_ru} входят {ru}."), format!("{who_en} sign in {en}."))
        };
        let mut told = Vec::new();
        if younger == older {
            let (ru, en) = (older.ru(), older.en());
            told.push(method("Ученики любого возраста", "Pupils of any age", ru, en));
        } else {
            let age = Age::from(self.threshold);
            // ЕСИА beside a password is told by a rule of its own.
            let (ru, en) = if younger.password && !younger.esia.is_empty() {
                (CARD_RU.into(), CARD_EN.into())
            } else {
                (younger.ru(), younger.en())
            };
            let (who_ru, who_en) = (&age.ru, &age.en);
            told.push(method(
                &format!("Ученики до {who_ru}"),
                &format!("Pupils below {who_en}"),
                ru,
                en,
            ));
            told.push(method(
                &format!("Ученики с {who_ru}"),
                &format!("Pupils from {who_en}"),
                older.ru(),
                older.en(),
            ));
        }
        if !younger.password && !older.password {
            told.push(says(
                "methods",
                "Вход по логину и паролю отключён.",
                "Signing in with a password is switched off.",
            ));
        }
        for (role, who_ru, who_en) in [
            (Role::Parent, "Родители", "Parents"),
            (Role::Staff, "Учителя и другие сотрудники школы", "Teachers and other staff"),
        ] {
            let ways = Ways { password: false, esia: self.esia_assurance(&role, None) };
            told.push(method(who_ru, who_en, ways.ru(), ways.en()));
        }
        told
    }

    pub(super) fn young_by_esia_says(&self) -> Option<Sentence> {
        let younger = self.ways(&AgeBand::Younger);
        if !younger.password || !self.ways_differ() {
            return None;
        }
        let Age { ru, en } = self.threshold.into();
        Some(if self.young_by_esia == YoungByEsia::Refuse {
            says(
                "youngByEsia",
                format!("Ученики до {ru} {ESIA_RU} не входят."),
                format!("Pupils below {en} do not sign in {ESIA_EN}."),
            )
        } else {
            says(
                "youngByEsia",
                format!("Ученик до {ru} может войти и {ESIA_RU} – {}.", accounts_ru(younger.esia)),
                format!(
                    "A pupil below {en} may as well sign in {ESIA_EN} {}.",
                    accounts_en(younger.esia)
                ),
            )
        })
    }

    pub(super) fn notice_says(&self) -> Option<Sentence> {
        let (younger, older) = (self.ways(&AgeBand::Younger), self.ways(&AgeBand::Older));
        if !younger.password || older.password {
            return None;
        }
        let days = self.notice_days;
        Some(if days == 0 {
            says(
                "noticeDays",
                "О том, что вход по логину и паролю закончится, заранее не предупреждают.",
                "Nobody is told beforehand that the password will end.",
            )
        } else {
            let word = counted(days, ["день", "дня", "дней"]);
            let plural = if days == 1 { "" } else { "s" };
            says(
                "noticeDays",
                format!(
                    "За {days} {word} до того, как вход по логину и паролю закончится, об этом \
                     предупреждают ученика и его родителей."
                ),
                format!(
                    "The pupil and the parents are told {days} day{plural} before the password \
                     ends."
                ),
            )
        })
    }
}
