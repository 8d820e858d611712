//! What people read when a sign-in is refused.

mod esia_account;

use alloc::{borrow::Cow, format, string::String, vec::Vec};

pub(crate) use self::esia_account::{needed_en, needed_ru};

use super::{NextStep, Refusal, RefusalCode, WantedConsent};
use crate::{
    identity::AgeSpan,
    people::ConsentGiver,
    policy::{Role, accounts_en, accounts_ru},
    words::{counted, unbroken},
};

impl Refusal {
    /// What the person reads, in Russian; the seeds' own wording where they give it (Удмуртия's for
    /// `esia_not_confirmed`, Рязань's for `not_found`), with what the rules set.
    #[must_use]
    pub fn text_ru(&self) -> String {
        let text: String = match &self.code {
            RefusalCode::LockedUntil => {
                "Слишком много неудачных попыток входа. Подождите немного и попробуйте ещё раз."
                    .into()
            }
            RefusalCode::WrongCredentials => {
                "Неверный логин или пароль. Проверьте раскладку клавиатуры и перепишите их с \
                 карточки буква за буквой."
                    .into()
            }
            RefusalCode::EsiaNotConfirmed => match needed_ru(&self.details.accounts) {
                None => "Для доступа вам необходимо пройти процедуру проверки своих данных и \
                         подтверждения личности. Если вы только что подтвердили свою личность, то \
                         вам нужно войти в систему повторно."
                    .into(),
                Some(needed) => format!(
                    "Вашей учётной записи на портале «Госуслуги» для входа недостаточно: {needed}. \
                     Если вы только что получили такую, войдите в систему повторно."
                ),
            },
            RefusalCode::Ambiguous => {
                "Данные вашей учётной записи на портале «Госуслуги» подходят нескольким людям \
                 или расходятся с теми, что внесены в систему «Электронная школа». Чтобы не \
                 открыть дневник чужому человеку, мы остановили вход. Обратитесь в \
                 образовательную организацию."
                    .into()
            }
            RefusalCode::NotFound => {
                "Уважаемые пользователи! Указанные Вами при регистрации на портале «Госуслуги» \
                 номер телефона/СНИЛС не найдены в системе «Электронная школа». Для получения \
                 доступа к электронному дневнику/журналу обратитесь в образовательную \
                 организацию."
                    .into()
            }
            RefusalCode::AccountClosed => self.closed_ru().into(),
            RefusalCode::NoChildren => {
                "По данным школы у вас в ней нет детей, чей дневник вам открыт.".into()
            }
            RefusalCode::UseEsia => self.use_esia_ru("Вам"),
            RefusalCode::UsePassword => self.use_password_ru(),
            RefusalCode::ConsentMissing => self.consent_ru(),
            RefusalCode::EsiaUnavailable => {
                "Вход через ЕСИА («Госуслуги») сейчас недоступен. Попробуйте позже.".into()
            }
            RefusalCode::Busy => "Сейчас входит очень много людей. Попробуйте через минуту.".into(),
            RefusalCode::Unknown(_) => {
                "Войти не получилось. Обратитесь в образовательную организацию.".into()
            }
        };
        unbroken(&text)
    }

    /// What somebody else reads of a pupil, as a parent in a letter or whoever issues the cards: the
    /// text of [`RefusalCode::UseEsia`] in the third person, any other as it stands.
    ///
    /// ```
    /// use eschool_core::{policy::SignInPolicy, signin::{Refusal, RefusalCode}};
    ///
    /// let policy = SignInPolicy::ryazan_2022();
    /// let refusal = Refusal::new(RefusalCode::UseEsia, policy.rules_on("2024-09-30".parse()?));
    /// assert!(refusal.text_of_pupil_ru().starts_with("Ученику уже исполнилось"));
    /// assert!(refusal.text_of_pupil_en().starts_with("The pupil has reached"));
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn text_of_pupil_ru(&self) -> String {
        match self.code {
            RefusalCode::UseEsia => unbroken(&self.use_esia_ru("Ученику")),
            _ => self.text_ru(),
        }
    }

    /// The Russian text of one of the next steps, with what this refusal knows: which type of ЕСИА
    /// account it has to be, for [`NextStep::CheckEsiaAccount`]; that it may be the СНИЛС, for
    /// [`NextStep::AskRegistrar`].
    ///
    /// ```
    /// use eschool_core::{policy::SignInPolicy, signin::{NextStep, Refusal, RefusalCode}};
    ///
    /// let policy = SignInPolicy::ryazan_2024();
    /// let rules = policy.rules_on("2024-09-30".parse()?);
    /// let refusal = Refusal::new(RefusalCode::EsiaNotConfirmed, rules);
    /// assert!(refusal.step_text_ru(&NextStep::CheckEsiaAccount).contains("детская"));
    /// assert!(refusal.step_text_en(&NextStep::CheckEsiaAccount).contains("child"));
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn step_text_ru(&self, step: &NextStep) -> Cow<'static, str> {
        match step {
            NextStep::CheckEsiaAccount => {
                let text = step.text_ru();
                match needed_ru(&self.details.accounts) {
                    None => format!("{text}: должна быть «Подтверждённая»").into(),
                    Some(needed) => format!("{text}: {needed}").into(),
                }
            }
            NextStep::AskRegistrar if self.is_about_snils() => {
                "Обратитесь к сотруднику школы, ответственному за данные о родителях: он проверит \
                 СНИЛС"
                    .into()
            }
            _ => step.text_ru().into(),
        }
    }

    /// Whether a wrong СНИЛС in an account may be the reason.
    const fn is_about_snils(&self) -> bool {
        matches!(self.code, RefusalCode::NotFound | RefusalCode::Ambiguous)
    }

    fn closed_ru(&self) -> &'static str {
        match self.details.role {
            Some(Role::Pupil) => {
                "Учётная запись закрыта: по данным школы вы в ней больше не учитесь."
            }
            Some(Role::Staff) => {
                "Учётная запись закрыта: по данным школы вы в ней больше не работаете."
            }
            _ => {
                "Учётная запись закрыта: по данным школы вы в ней не учитесь и не работаете, и \
                 детей, чей дневник вам открыт, у вас в ней нет."
            }
        }
    }

    fn use_esia_ru(&self, whom: &str) -> String {
        let accounts = match self.details.accounts.as_slice() {
            [] => String::new(),
            accounts => format!(", {}", accounts_ru(accounts)),
        };
        match self.threshold {
            _ if self.details.role.is_some() => {
                format!("Родители и сотрудники школы входят через ЕСИА («Госуслуги»){accounts}.")
            }
            None => format!(
                "Вход по логину и паролю здесь отключён: войдите через ЕСИА («Госуслуги»){accounts}."
            ),
            Some(age) => format!(
                "{whom} уже {}: теперь вход в дневник – только через ЕСИА («Госуслуги»){accounts}.",
                reached_ru(age)
            ),
        }
    }

    fn use_password_ru(&self) -> String {
        let card = "в дневник входят по логину и паролю с карточки, которую выдаёт школа.";
        match self.threshold {
            None => {
                "В дневник здесь входят по логину и паролю с карточки, которую выдаёт школа.".into()
            }
            Some(age) => format!("До {} {card}", until_ru(age)),
        }
    }

    /// A sentence or two for each consent. What crossed from an older version names none.
    fn consent_ru(&self) -> String {
        if self.details.consents.is_empty() {
            return "Для входа нужно согласие, а у школы его нет или оно больше не действует. \
                    Обратитесь в школу."
                .into();
        }
        let told = self.details.consents.iter().map(|WantedConsent { purpose, givers }| {
            let givers: Vec<&str> = givers
                .iter()
                .map(|giver| match giver {
                    ConsentGiver::Parent => "родитель или другой законный представитель",
                    ConsentGiver::Pupil => "сам ученик",
                    ConsentGiver::Unknown(text) => text,
                })
                .collect();
            let given = if givers.is_empty() {
                String::new()
            } else {
                format!(" Его даёт {}.", givers.join(" либо "))
            };
            let purpose = purpose.text_ru();
            format!(
                "Для входа нужно согласие на {purpose}, а у школы его нет или оно больше не \
                 действует.{given}"
            )
        });
        told.collect::<Vec<_>>().join(" ")
    }

    /// The same in English.
    #[must_use]
    pub fn text_en(&self) -> String {
        match &self.code {
            RefusalCode::LockedUntil => {
                "Too many failed attempts. Wait a while and try again.".into()
            }
            RefusalCode::WrongCredentials => {
                "The login or the password is wrong. Check the keyboard layout and copy them from \
                 the card letter by letter."
                    .into()
            }
            RefusalCode::EsiaNotConfirmed => match needed_en(&self.details.accounts) {
                None => {
                    "To get in you need to have your data checked and your identity confirmed. \
                         If you have just confirmed it, sign in once more."
                        .into()
                }
                Some(needed) => format!(
                    "Your state account is not enough to sign in with: {needed}. If you have just \
                     got one, sign in once more."
                ),
            },
            RefusalCode::Ambiguous => {
                "The data of your state account fit several people or contradict what the school \
                 has. The sign-in was stopped so as not to open a diary to a stranger. Ask the \
                 school."
                    .into()
            }
            RefusalCode::NotFound => {
                "The phone number and СНИЛС of your state account are not known to the electronic \
                 school. Ask the school for access to the diary or journal."
                    .into()
            }
            RefusalCode::AccountClosed => self.closed_en().into(),
            RefusalCode::NoChildren => {
                "By the school's records you have no child there whose diary is open to you.".into()
            }
            RefusalCode::UseEsia => self.use_esia_en("You have"),
            RefusalCode::UsePassword => self.use_password_en(),
            RefusalCode::ConsentMissing => self.consent_en(),
            RefusalCode::EsiaUnavailable => {
                "The state sign-in (ЕСИА) is not available now. Try again later.".into()
            }
            RefusalCode::Busy => {
                "Very many people are signing in now. Try again in a minute.".into()
            }
            RefusalCode::Unknown(_) => "The sign-in did not succeed. Ask the school.".into(),
        }
    }

    /// [`text_of_pupil_ru`](Self::text_of_pupil_ru) in English.
    #[must_use]
    pub fn text_of_pupil_en(&self) -> String {
        match self.code {
            RefusalCode::UseEsia => self.use_esia_en("The pupil has"),
            _ => self.text_en(),
        }
    }

    /// [`step_text_ru`](Self::step_text_ru) in English.
    #[must_use]
    pub fn step_text_en(&self, step: &NextStep) -> Cow<'static, str> {
        match step {
            NextStep::CheckEsiaAccount => {
                let text = step.text_en();
                match needed_en(&self.details.accounts) {
                    None => format!("{text}: it must be confirmed").into(),
                    Some(needed) => format!("{text}: {needed}").into(),
                }
            }
            NextStep::AskRegistrar if self.is_about_snils() => {
                "Ask the member of staff who keeps the parents' data, who will check the СНИЛС"
                    .into()
            }
            _ => step.text_en().into(),
        }
    }

    fn closed_en(&self) -> &'static str {
        match self.details.role {
            Some(Role::Pupil) => {
                "The account is closed: by the school's records you no longer study there."
            }
            Some(Role::Staff) => {
                "The account is closed: by the school's records you no longer work there."
            }
            _ => {
                "The account is closed: by the school's records you neither study nor work there \
                 and have no child there whose diary is open to you."
            }
        }
    }

    fn use_esia_en(&self, who_has: &str) -> String {
        let accounts = match self.details.accounts.as_slice() {
            [] => String::new(),
            accounts => format!(" {}", accounts_en(accounts)),
        };
        match self.threshold {
            _ if self.details.role.is_some() => {
                format!("Parents and staff sign in through the state sign-in (ЕСИА){accounts}.")
            }
            None => format!(
                "Signing in with a password is switched off here: use the state sign-in \
                 (ЕСИА){accounts}."
            ),
            Some(age) => format!(
                "{who_has} reached {}: from now on sign in through the state sign-in \
                 (ЕСИА){accounts}.",
                age_en(age)
            ),
        }
    }

    fn use_password_en(&self) -> String {
        let card = "one signs in with the login and password of the card the school gives out.";
        match self.threshold {
            None => {
                "One signs in here with the login and password of the card the school gives out."
                    .into()
            }
            Some(age) => format!("Below {} {card}", age_en(age)),
        }
    }

    fn consent_en(&self) -> String {
        if self.details.consents.is_empty() {
            return "Signing in needs a consent that the school does not have or that no longer \
                    holds. Ask the school."
                .into();
        }
        let told = self.details.consents.iter().map(|WantedConsent { purpose, givers }| {
            let givers: Vec<&str> = givers
                .iter()
                .map(|giver| match giver {
                    ConsentGiver::Parent => "a parent or another legal representative",
                    ConsentGiver::Pupil => "the pupil",
                    ConsentGiver::Unknown(text) => text,
                })
                .collect();
            let given = if givers.is_empty() {
                String::new()
            } else {
                format!(" It is given by {}.", givers.join(" or by "))
            };
            let purpose = purpose.text_en();
            format!(
                "Signing in needs the consent to {purpose}, which the school does not have or \
                 which no longer holds.{given}"
            )
        });
        told.collect::<Vec<_>>().join(" ")
    }
}

/// «исполнилось 14 лет и 3 месяца»
fn reached_ru(age: AgeSpan) -> String {
    let verb = counted(age.years, ["исполнился", "исполнилось", "исполнилось"]);
    format!("{verb} {}", age_ru(age, ["год", "года", "лет"], ["месяц", "месяца", "месяцев"]))
}

/// As it stands after «до»: «14 лет и 3 месяцев»
pub(crate) fn until_ru(age: AgeSpan) -> String {
    age_ru(age, ["года", "лет", "лет"], ["месяца", "месяцев", "месяцев"])
}

/// An age in years and months with the words for one, two to four, and more. The half is said as
/// the seeds say it: «14,5 лет».
fn age_ru(age: AgeSpan, year: [&str; 3], month: [&str; 3]) -> String {
    let AgeSpan { years, months } = age;
    match months {
        0 => format!("{years} {}", counted(years, year)),
        6 => format!("{years},5 лет"),
        _ => format!("{years} {} и {months} {}", counted(years, year), counted(months, month)),
    }
}

pub(crate) fn age_en(age: AgeSpan) -> String {
    let AgeSpan { years, months } = age;
    let plural = |number| if number == 1 { "" } else { "s" };
    match months {
        0 => format!("{years}"),
        6 => format!("{years} and a half"),
        _ => format!("{years} year{} and {months} month{}", plural(years), plural(months)),
    }
}

impl NextStep {
    /// The Russian text, an instruction; [`Refusal::step_text_ru`] says more of some.
    #[must_use]
    pub const fn text_ru(&self) -> &'static str {
        match self {
            Self::CheckEsiaAccount => "Проверьте тип учётной записи в личном кабинете «Госуслуг»",
            Self::SignInAsOther => "Войдите другим пользователем",
            Self::UseEsia => "Войдите через ЕСИА («Госуслуги»)",
            Self::UsePassword => "Войдите по логину и паролю с карточки",
            Self::RestorePassword => "Восстановите пароль",
            Self::TryLater => "Попробуйте позже",
            Self::AskClassTeacher => {
                "Обратитесь к классному руководителю: он проверит данные в системе"
            }
            Self::AskRegistrar => {
                "Обратитесь к сотруднику школы, ответственному за данные о родителях: он проверит, \
                 что внесено в систему"
            }
            Self::AskAdministrator => {
                "Если данные верны, а войти не получается, обратитесь к администратору школы"
            }
            Self::AskSupport => {
                "Администратор школы отправит заявку в техническую поддержку «Электронной школы»"
            }
            Self::Unknown(_) => "Обратитесь в школу",
        }
    }

    /// The English text.
    #[must_use]
    pub const fn text_en(&self) -> &'static str {
        match self {
            Self::CheckEsiaAccount => "Check the type of the state account in its settings",
            Self::SignInAsOther => "Sign in as somebody else",
            Self::UseEsia => "Sign in through the state sign-in (ЕСИА)",
            Self::UsePassword => "Sign in with the login and password of the card",
            Self::RestorePassword => "Restore the password",
            Self::TryLater => "Try again later",
            Self::AskClassTeacher => "Ask the class teacher, who will check the data",
            Self::AskRegistrar => {
                "Ask the member of staff who keeps the parents' data, who will check what was entered"
            }
            Self::AskAdministrator => {
                "If the data are right and it still fails, ask the school's administrator"
            }
            Self::AskSupport => "The administrator will write to technical support",
            Self::Unknown(_) => "Ask the school",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_said_as_people_say_them() {
        for (years, months, reached, until, english) in [
            (14, 6, "исполнилось 14,5 лет", "14,5 лет", "14 and a half"),
            (14, 0, "исполнилось 14 лет", "14 лет", "14"),
            (14, 3, "исполнилось 14 лет и 3 месяца", "14 лет и 3 месяцев", "14 years and 3 months"),
            (15, 1, "исполнилось 15 лет и 1 месяц", "15 лет и 1 месяца", "15 years and 1 month"),
            (
                12,
                11,
                "исполнилось 12 лет и 11 месяцев",
                "12 лет и 11 месяцев",
                "12 years and 11 months",
            ),
            (2, 0, "исполнилось 2 года", "2 лет", "2"),
            (1, 0, "исполнился 1 год", "1 года", "1"),
        ] {
            let age = AgeSpan { years, months };
            assert_eq!(reached_ru(age), reached);
            assert_eq!(until_ru(age), until);
            assert_eq!(age_en(age), english);
        }
    }
}
