//! What staff read about a refused person.

mod account;
mod entry;
mod fields;
mod kin;
mod stopped;

use alloc::{format, string::String};

use self::fields::listed;
use super::{Cause, RefusedPerson, clue::Clue, scope::Reach};
use crate::{identity::Snils, people::MandatoryField, signin::EsiaPerson};

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

/// What the words of a finding depend on beside its clue.
pub(super) struct Words<'a> {
    pub(super) refused: &'a RefusedPerson<'a>,
    pub(super) reach: Reach,
}

impl Words<'_> {
    pub(super) fn tell(&self, clue: &Clue<'_>) -> Told {
        let said = self.refused.said;
        match clue {
            Clue::SnilsAtRelative(near, relative) => kin::snils_at_relative(near, relative, said),
            Clue::HoldsRelativesSnils(near, relative) => {
                kin::holds_relatives_snils(near, relative, said)
            }
            Clue::Entry(fit, entry) => entry::entry_refused(*fit, entry, self.reach),
            Clue::Account(told, near) => self.of_account(*told, near),
        }
    }

    /// What is told without any evidence.
    pub(super) fn tell_bare(&self, cause: &Cause) -> Told {
        match cause {
            Cause::NotEntered => self.not_entered(),
            Cause::OutOfSight => self.out_of_sight(),
            _ => self.stopped(self.refused.refusal, None),
        }
    }

    /// What is left to do where nothing can be mended here, as a clause.
    const fn pass_on(&self) -> [&'static str; 2] {
        match self.reach {
            Reach::Classes => [
                "передайте обращение администратору школы",
                "pass the case on to the school's administrator",
            ],
            Reach::School => ["передайте обращение дальше", "pass the case on"],
            Reach::Schools => [
                "выясните причину вместе со школой",
                "find out the reason together with the school",
            ],
        }
    }

    fn not_entered(&self) -> Told {
        let [last_ru, last_en] = self.pass_on();
        let mandatory = self.refused.rules.mandatory.iter().filter_map(|field| match field {
            MandatoryField::Patronymic => Some(["отчество", "patronymic"]),
            MandatoryField::BirthDate => Some(["дату рождения", "birth date"]),
            MandatoryField::Phone => Some(["телефон", "phone"]),
            MandatoryField::Snils => Some(["СНИЛС", "СНИЛС"]),
            MandatoryField::Unknown(_) => None,
        });
        let always = [["фамилию", "family name"], ["имя", "given name"]];
        let [ru, en] = listed(always.into_iter().chain(mandatory));
        Told::new(
            [
                "Среди данных, которые вам видны, такого человека нет.",
                "There is no such person among the data that you may see.",
            ],
            [
                format!(
                    "Внесите его данные с документов: {ru}. Если он уже внесён, сверьте каждое \
                     поле; если всё верно, {last_ru}."
                ),
                format!(
                    "Enter the person from the documents: {en}. If the person is there already, \
                     compare every field; if all is right, {last_en}."
                ),
            ],
        )
    }

    fn out_of_sight(&self) -> Told {
        let [last_ru, last_en] = self.pass_on();
        Told::new(
            [
                "Среди данных, которые вам видны, нет того, что помешало входу.",
                "What stopped the sign-in is not among the data that you may see.",
            ],
            [
                format!("Если такой человек у вас есть, сверьте его данные; иначе {last_ru}."),
                format!("If you have such a person, compare the data; otherwise {last_en}."),
            ],
        )
    }
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
