//! What people read when a sign-in is refused.

use super::{NextStep, RefusalCode};

impl RefusalCode {
    /// The Russian text. `esia_not_confirmed` is worded as in the document of Удмуртия,
    /// `not_found` as in that of Рязань.
    #[must_use]
    pub const fn text_ru(&self) -> &'static str {
        match self {
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
                "Вам уже исполнилось 14,5 лет: теперь вход в дневник – только через ЕСИА \
                 («Госуслуги»), по подтверждённой учётной записи."
            }
            Self::UsePassword => {
                "До 14,5 лет в дневник входят по логину и паролю с карточки, которую выдаёт \
                 школа."
            }
            Self::ConsentMissing => {
                "Для входа нужно согласие родителя или другого законного представителя. Пусть он \
                 даст его в школе."
            }
            Self::EsiaUnavailable => {
                "Вход через ЕСИА («Госуслуги») сейчас недоступен. Попробуйте позже."
            }
            Self::Busy => "Сейчас входит очень много людей. Попробуйте через минуту.",
            Self::Unknown(_) => "Войти не получилось. Обратитесь в образовательную организацию.",
        }
    }

    /// The English text.
    #[must_use]
    pub const fn text_en(&self) -> &'static str {
        match self {
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
                "You have reached 14 and a half: from now on sign in through the state sign-in \
                 (ЕСИА) with a confirmed account."
            }
            Self::UsePassword => {
                "Below 14 and a half one signs in with the login and password of the card the \
                 school gives out."
            }
            Self::ConsentMissing => {
                "Signing in needs the consent of a parent or another legal representative, given \
                 to the school."
            }
            Self::EsiaUnavailable => {
                "The state sign-in (ЕСИА) is not available now. Try again later."
            }
            Self::Busy => "Very many people are signing in now. Try again in a minute.",
            Self::Unknown(_) => "The sign-in did not succeed. Ask the school.",
        }
    }
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
