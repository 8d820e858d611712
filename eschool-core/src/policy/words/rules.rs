//! What a policy says, sentence by sentence.

use alloc::{format, string::String, vec, vec::Vec};

use super::phrases::{delay_en, delay_ru, field_en, field_ru, helper_en, helper_ru, list};
use crate::{
    people::MandatoryField,
    policy::{
        AccountsOfOnePerson, AgeBand, KeyRule, LockOutDelays, MatchKey, ParentsAfter18,
        RegistryKeeper, Rules,
    },
    words::counted,
};

/// What one rule says.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// The rule's name in JSON.
    pub(super) rule: &'static str,
    pub(super) ru: String,
    pub(super) en: String,
}

pub(super) fn says(rule: &'static str, ru: impl Into<String>, en: impl Into<String>) -> Sentence {
    Sentence { rule, ru: ru.into(), en: en.into() }
}

/// That a rule of which something was said before says nothing any more; none where another rule's
/// sentences imply it.
pub(super) fn ended(rule: &'static str) -> Option<Sentence> {
    let (ru, en) = match rule {
        "noticeDays" => (
            "О том, что вход по логину и паролю закончится, больше не предупреждают.",
            "The end of passwords is announced no more.",
        ),
        "lockOut" => (
            "Неудачные попытки входа по паролю больше не считают.",
            "Failed passwords are counted no more.",
        ),
        "eraseAfterDays" => (
            "Закрытые учётные записи больше не стирают: они хранятся.",
            "Closed accounts are erased no more: they are kept.",
        ),
        "keepJournalsYears" => (
            "Журналы прошедших учебных лет убирают в архив только по распоряжению директора.",
            "Journals of past school years are dropped by an order of the head alone.",
        ),
        _ => return None,
    };
    Some(says(rule, ru, en))
}

impl Rules {
    /// Every rule of a sound policy, in the order people ask about them. What another sentence
    /// implies has none of its own.
    pub(super) fn sentences(&self) -> Vec<Sentence> {
        let mut told = vec![self.threshold_says()];
        told.extend(self.methods_say());
        told.extend(self.young_by_esia_says());
        told.extend(self.notice_says());
        told.extend(self.consent_says());
        told.extend(self.matching.iter().map(matching_says));
        told.push(self.mandatory_says());
        told.extend([self.accounts_say(), self.parents_say(), self.keeper_says()]);
        told.push(self.helpers_say());
        if self.ways(&AgeBand::Younger).password || self.ways(&AgeBand::Older).password {
            told.push(lock_out_says(
                self.lock_out.login,
                ["с одним логином", "с этим логином"],
                ["with one login", "the login"],
            ));
            told.push(lock_out_says(
                self.lock_out.source,
                ["с одного адреса в сети", "с этого адреса"],
                ["from one network address", "the address"],
            ));
        }
        told.extend(self.erasure_says());
        told.extend(self.keeping_says());
        told
    }

    fn keeping_says(&self) -> Option<Sentence> {
        let years = self.keep_journals_years?;
        let (word, plural) =
            (counted(years, ["год", "года", "лет"]), if years == 1 { "" } else { "s" });
        Some(says(
            "keepJournalsYears",
            format!(
                "Журналы прошедшего учебного года хранятся в базе {years} {word}, считая с 1 января \
                 после его окончания; потом их можно убрать в архив."
            ),
            format!(
                "The journals of a past school year are kept for {years} year{plural} from the \
                 1 January after its end; archived ones may be dropped then."
            ),
        ))
    }

    fn erasure_says(&self) -> Option<Sentence> {
        let days = self.erase_after_days?;
        let (word, plural) =
            (counted(days, ["день", "дня", "дней"]), if days == 1 { "" } else { "s" });
        Some(says(
            "eraseAfterDays",
            format!(
                "Учётная запись закрывается, когда из школы уходит сам ученик или сотрудник, а у \
                 родителя – последний ребёнок; через {days} {word} она стирается."
            ),
            format!(
                "An account is closed when the pupil or member of staff leaves, a parent's when \
                 the last child does; {days} day{plural} later it is erased."
            ),
        ))
    }

    fn mandatory_says(&self) -> Sentence {
        let mut ru = vec!["фамилия", "имя"];
        let mut en = vec!["family name", "given name"];
        for field in &self.mandatory {
            let (in_russian, in_english) = match field {
                MandatoryField::Patronymic => ("отчество (если оно есть)", "patronymic (if any)"),
                MandatoryField::BirthDate => ("дата рождения", "birth date"),
                MandatoryField::Phone => ("телефон", "phone"),
                MandatoryField::Snils => ("СНИЛС", "СНИЛС"),
                MandatoryField::Unknown(text) => (text.as_str(), text.as_str()),
            };
            ru.push(in_russian);
            en.push(in_english);
        }
        says(
            "mandatory",
            format!("В учётной записи родителя обязательно должны быть {}.", list(&ru, "и")),
            format!("A parent's account must hold {}.", list(&en, "and")),
        )
    }

    fn accounts_say(&self) -> Sentence {
        if self.accounts == AccountsOfOnePerson::Merged {
            says(
                "accounts",
                "Если дети учатся в разных школах, учётные записи родителя в них объединяются в \
                 одну: после входа он видит всех детей сразу.",
                "Where the children go to different schools, the accounts a parent has there are \
                 merged: all children stand together after the sign-in.",
            )
        } else {
            says(
                "accounts",
                "Если дети учатся в разных школах, у родителя своя учётная запись в каждой из \
                 них: при входе он выбирает школу.",
                "Where the children go to different schools, a parent has an account in each and \
                 chooses a school when signing in.",
            )
        }
    }

    fn parents_say(&self) -> Sentence {
        if self.parents_after_18 == ParentsAfter18::End {
            says(
                "parentsAfter18",
                "С того дня, когда ученику исполняется 18 лет, его дневник для родителей закрыт.",
                "From the day a pupil turns 18 the parents no longer see the diary.",
            )
        } else {
            says(
                "parentsAfter18",
                "Родители видят дневник и после того, как ученику исполнилось 18 лет.",
                "Parents see the diary after the pupil has turned 18 as well.",
            )
        }
    }

    fn keeper_says(&self) -> Sentence {
        if self.registry_keeper == RegistryKeeper::Registrar {
            says(
                "registryKeeper",
                "Данные родителей вносит сотрудник школы, ответственный за реестр родителей.",
                "The member of staff who keeps the registry of parents enters their data.",
            )
        } else {
            says(
                "registryKeeper",
                "Данные родителей вносит классный руководитель.",
                "The class teacher enters the parents' data.",
            )
        }
    }

    fn helpers_say(&self) -> Sentence {
        let ru: Vec<&str> = self.helpers.iter().map(helper_ru).collect();
        let en: Vec<&str> = self.helpers.iter().map(helper_en).collect();
        says(
            "helpers",
            format!("Если войти не получается, обращаются {}.", ru.join(", потом ")),
            format!("Who cannot sign in asks {}.", en.join(", then ")),
        )
    }
}

fn matching_says(rule: &KeyRule) -> Sentence {
    let ru: Vec<&str> = rule.with.iter().map(field_ru).collect();
    let en: Vec<&str> = rule.with.iter().map(field_en).collect();
    let (agree, agrees) =
        if ru.len() == 1 { ("совпадает", "is") } else { ("совпадают", "are") };
    let (ru, en) = (list(&ru, "и"), list(&en, "and"));
    let by_phone = rule.key == MatchKey::Phone;
    let (key_ru, key_en) = if by_phone {
        ("номеру мобильного телефона, который подтверждён на «Госуслугах»", "a verified phone")
    } else {
        ("СНИЛС", "СНИЛС")
    };
    let mut if_ru = Vec::new();
    let mut if_en = Vec::new();
    if !rule.with.is_empty() {
        if_ru.push(format!("{agree} ещё {ru}"));
        if_en.push(format!("{en} {agrees} equal as well"));
    }
    if by_phone {
        // What `identify` asks of any phone, whatever the policy.
        if_ru.push(
            "номер записан только за этим человеком, а СНИЛС в его учётной записи не внесён".into(),
        );
        if_en.push("nobody else has the number and the account has no СНИЛС".into());
    }
    let condition = |word: &str, parts: Vec<String>, and: &str| {
        if parts.is_empty() { String::new() } else { format!("{word}{}", parts.join(and)) }
    };
    // What `identify` asks of any СНИЛС, whatever the policy.
    let (stops_ru, stops_en) = if by_phone {
        ("", "")
    } else {
        (
            " Если имя другое или не совпадают ни фамилия, ни дата рождения, вход останавливают: \
             номер мог быть внесён не тому человеку.",
            " Where the given name is another, or both family name and birth date are, the sign-in \
             is stopped: the number may be somebody else's.",
        )
    };
    says(
        "matching",
        format!(
            "Того, кто входит через ЕСИА, находят по {key_ru}{}.{stops_ru}",
            condition(", если ", if_ru, ", ")
        ),
        format!(
            "Who signs in through ЕСИА is found by {key_en}{}.{stops_en}",
            condition(" if ", if_en, ", ")
        ),
    )
}

fn lock_out_says(
    delays: LockOutDelays,
    [among, it]: [&str; 2],
    [among_en, it_en]: [&str; 2],
) -> Sentence {
    let LockOutDelays { free, first_seconds, greatest_seconds, forget_seconds } = delays;
    let tries = counted(free, ["неудачной попытки", "неудачных попыток", "неудачных попыток"]);
    let (first, greatest) = (delay_ru(first_seconds), delay_ru(greatest_seconds));
    let (first_en, greatest_en) = (delay_en(first_seconds), delay_en(greatest_seconds));
    let (how_long, how_long_en) = if first_seconds == greatest_seconds {
        (format!(" на {first}"), format!(" for {first_en}"))
    } else {
        (
            format!(
                ": сначала на {first}, потом каждый раз вдвое дольше, но не больше чем на {greatest}"
            ),
            format!(
                ": for {first_en} first, then each time for twice as long, {greatest_en} at most"
            ),
        )
    };
    let plural = if free == 1 { "" } else { "s" };
    says(
        "lockOut",
        format!(
            "После {free} {tries} {among} каждая следующая закрывает вход по паролю {it}\
             {how_long}. Через {} без неудач счёт начинается заново.",
            delay_ru(forget_seconds)
        ),
        format!(
            "After {free} failed attempt{plural} {among_en} each further one closes {it_en} to \
             passwords{how_long_en}. After {} without a failure the count begins anew.",
            delay_en(forget_seconds)
        ),
    )
}
