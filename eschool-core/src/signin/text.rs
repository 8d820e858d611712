//! What people read when a sign-in is refused.

use alloc::{format, string::String};

use super::{NextStep, RefusalCode};
use crate::{identity::AgeSpan, words::counted};

impl RefusalCode {
    /// The Russian text. `esia_not_confirmed` is worded as in the document of Удмуртия,
    /// `not_found` as in that of Рязань.
    pub(super) fn text_ru(&self, threshold: Option<AgeSpan>) -> String {
        let text = match self {
            Self::LockedUntil => {
                "Слишком много неудачных попыток входа. Подождите немного и попробуйте ещё раз."
            }
            Self::WrongCredentials => {
                "Неверный логин или пароль. Проверьте раскладку клавиатуры и перепишите их с \
                 карточки буква за буквой."
            }
            Self::EsiaNotConfirmed => {
                "Для доступа вам необходимо пройти процедуру проверки своих данных и \
                 подтверждения личности. Если вы только что подтвердили свою личность, то вам \
                 нужно войти в систему повторно."
            }
            Self::Ambiguous => {
                "Данные вашей учётной записи на портале «Госуслуги» подходят нескольким людям \
                 или расходятся с теми, что внесены в систему «Электронная школа». Чтобы не \
                 открыть дневник чужому человеку, мы остановили вход. Обратитесь в \
                 образовательную организацию."
            }
            Self::NotFound => {
                "Уважаемые пользователи! Указанные Вами при регистрации на портале «Госуслуги» \
                 номер телефона/СНИЛС не найдены в системе «Электронная школа». Для получения \
                 доступа к электронному дневнику/журналу обратитесь в образовательную \
                 организацию."
            }
            Self::AccountClosed => {
                "Учётная запись закрыта: по данным школы вы в ней больше не учитесь и не \
                 работаете."
            }
            Self::NoChildren => {
                "По данным школы никто из ваших детей в ней больше не учится, поэтому дневник \
                 закрыт."
            }
            Self::UseEsia => {
                let Some(age) = threshold else {
                    return "Вход по логину и паролю здесь отключён: войдите через ЕСИА \
                            («Госуслуги»)."
                        .into();
                };
                return format!(
                    "Вам уже {}: теперь вход в дневник – только через ЕСИА («Госуслуги»), по \
                     подтверждённой учётной записи.",
                    reached_ru(age)
                );
            }
            Self::UsePassword => {
                let Some(age) = threshold else {
                    return "В дневник здесь входят по логину и паролю с карточки, которую выдаёт \
                            школа."
                        .into();
                };
                return format!(
                    "До {} в дневник входят по логину и паролю с карточки, которую выдаёт школа.",
                    until_ru(age)
                );
            }
            Self::ConsentMissing => {
                "Для входа нужно согласие, а у школы его нет или оно больше не действует. За \
                 ребёнка его даёт родитель или другой законный представитель, совершеннолетний \
                 ученик – сам."
            }
            Self::EsiaUnavailable => {
                "Вход через ЕСИА («Госуслуги») сейчас недоступен. Попробуйте позже."
            }
            Self::Busy => "Сейчас входит очень много людей. Попробуйте через минуту.",
            Self::Unknown(_) => "Войти не получилось. Обратитесь в образовательную организацию.",
        };
        text.into()
    }

    /// The English text.
    pub(super) fn text_en(&self, threshold: Option<AgeSpan>) -> String {
        let text = match self {
            Self::LockedUntil => "Too many failed attempts. Wait a while and try again.",
            Self::WrongCredentials => {
                "The login or the password is wrong. Check the keyboard layout and copy them from \
                 the card letter by letter."
            }
            Self::EsiaNotConfirmed => {
                "To get in you need to have your data checked and your identity confirmed. If you \
                 have just confirmed it, sign in once more."
            }
            Self::Ambiguous => {
                "The data of your state account fit several people or contradict what the school \
                 has. The sign-in was stopped so as not to open a diary to a stranger. Ask the \
                 school."
            }
            Self::NotFound => {
                "The phone number and СНИЛС of your state account are not known to the electronic \
                 school. Ask the school for access to the diary or journal."
            }
            Self::AccountClosed => {
                "The account is closed: by the school's records you no longer study or work there."
            }
            Self::NoChildren => {
                "By the school's records none of your children studies there any more, so the \
                 diary is closed."
            }
            Self::UseEsia => {
                let Some(age) = threshold else {
                    return "Signing in with a password is switched off here: use the state \
                            sign-in (ЕСИА)."
                        .into();
                };
                return format!(
                    "You have reached {}: from now on sign in through the state sign-in (ЕСИА) \
                     with a confirmed account.",
                    age_en(age)
                );
            }
            Self::UsePassword => {
                let Some(age) = threshold else {
                    return "One signs in here with the login and password of the card the school \
                            gives out."
                        .into();
                };
                return format!(
                    "Below {} one signs in with the login and password of the card the school \
                     gives out.",
                    age_en(age)
                );
            }
            Self::ConsentMissing => {
                "Signing in needs a consent that the school does not have or that no longer \
                 holds. A parent or another legal representative gives it for a child, a pupil who \
                 is of age gives it alone."
            }
            Self::EsiaUnavailable => {
                "The state sign-in (ЕСИА) is not available now. Try again later."
            }
            Self::Busy => "Very many people are signing in now. Try again in a minute.",
            Self::Unknown(_) => "The sign-in did not succeed. Ask the school.",
        };
        text.into()
    }
}

/// «исполнилось 14 лет и 3 месяца»
fn reached_ru(age: AgeSpan) -> String {
    let verb = if singular(age.years) { "исполнился" } else { "исполнилось" };
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

const fn singular(number: u8) -> bool {
    number % 10 == 1 && number % 100 != 11
}

impl NextStep {
    /// The Russian text, an instruction.
    #[must_use]
    pub const fn text_ru(&self) -> &'static str {
        match self {
            Self::CheckEsiaAccount => {
                "Проверьте тип учётной записи в личном кабинете «Госуслуг»: должна быть \
                 «Подтверждённая»"
            }
            Self::SignInAsOther => "Войдите другим пользователем",
            Self::UseEsia => "Войдите через ЕСИА («Госуслуги»)",
            Self::UsePassword => "Войдите по логину и паролю с карточки",
            Self::RestorePassword => "Восстановите пароль",
            Self::TryLater => "Попробуйте позже",
            Self::AskClassTeacher => {
                "Обратитесь к классному руководителю: он проверит данные в системе"
            }
            Self::AskRegistrar => {
                "Обратитесь к сотруднику школы, ответственному за данные о родителях: он проверит \
                 СНИЛС"
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
            Self::CheckEsiaAccount => {
                "Check the type of the state account in its settings: it must be confirmed"
            }
            Self::SignInAsOther => "Sign in as somebody else",
            Self::UseEsia => "Sign in through the state sign-in (ЕСИА)",
            Self::UsePassword => "Sign in with the login and password of the card",
            Self::RestorePassword => "Restore the password",
            Self::TryLater => "Try again later",
            Self::AskClassTeacher => "Ask the class teacher, who will check the data",
            Self::AskRegistrar => {
                "Ask the member of staff who keeps the parents' data, who will check the СНИЛС"
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
