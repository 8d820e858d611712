//! Whose consent is asked for.

use alloc::{format, string::String, vec, vec::Vec};

use super::{
    phrases::Age,
    rules::{Sentence, says},
};
use crate::{
    people::ConsentGiver,
    policy::{AgeBand, ConsentRule, GiverRule, Rules},
};

impl Rules {
    pub(super) fn consent_says(&self) -> Vec<Sentence> {
        if self.consent.is_empty() {
            return vec![says(
                "consent",
                "Отдельное согласие для входа не требуется.",
                "No consent of its own is needed to sign in.",
            )];
        }
        self.consent.iter().map(|rule| self.one_consent_says(rule)).collect()
    }

    fn one_consent_says(&self, rule: &ConsentRule) -> Sentence {
        let Age { ru, en } = self.threshold.into();
        let (who_ru, who_en) = match &rule.band {
            Some(AgeBand::Younger) => (format!(" до {ru}"), format!(" below {en}")),
            Some(AgeBand::Older) => (format!(" с {ru}"), format!(" from {en}")),
            _ => (String::new(), String::new()),
        };
        let givers = |told: fn(&GiverRule) -> String| {
            let givers: Vec<_> = rule.givers.iter().map(told).collect();
            givers.join("; ")
        };
        says(
            "consent",
            format!(
                "Чтобы войти, ученику{who_ru} нужно согласие на {}. Его даёт: {}.",
                rule.purpose.text_ru(),
                givers(giver_ru)
            ),
            format!(
                "To sign in, a pupil{who_en} needs the consent to {}. It is given by: {}.",
                rule.purpose.text_en(),
                givers(giver_en)
            ),
        )
    }
}

fn giver_ru(rule: &GiverRule) -> String {
    let who = match &rule.giver {
        ConsentGiver::Parent => "родитель или другой законный представитель",
        ConsentGiver::Pupil => "сам ученик",
        ConsentGiver::Unknown(text) => text,
    };
    let age = |age| Age::from(age).ru;
    match (rule.from.map(age), rule.until.map(age)) {
        (None, None) => String::from(who),
        (Some(from), None) => format!("{who} – с {from}"),
        (None, Some(until)) => format!("{who} – пока ученику нет {until}"),
        (Some(from), Some(until)) => format!("{who} – с {from} и пока ученику нет {until}"),
    }
}

fn giver_en(rule: &GiverRule) -> String {
    let who = match &rule.giver {
        ConsentGiver::Parent => "a parent or another legal representative",
        ConsentGiver::Pupil => "the pupil",
        ConsentGiver::Unknown(text) => text,
    };
    let age = |age| Age::from(age).en;
    match (rule.from.map(age), rule.until.map(age)) {
        (None, None) => String::from(who),
        (Some(from), None) => format!("{who}, from the age of {from}"),
        (None, Some(until)) => format!("{who}, until the pupil is {until}"),
        (Some(from), Some(until)) => format!("{who}, from the age of {from} until {until}"),
    }
}
