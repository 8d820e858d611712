//! What whoever asked reads, whatever exists.

use alloc::{format, string::String, vec, vec::Vec};

use serde::{Deserialize, Serialize};

use super::link::lifetime_minutes;
use crate::{
    policy::{AgeBand, Role, Rules},
    signin::NextStep,
    words::counted,
};

/// What whoever asked for recovery reads. It is made of the rules alone, so it cannot tell who
/// exists.
///
/// ```
/// use eschool_core::{policy::SignInPolicy, recovery::recovery_answer, signin::NextStep};
///
/// let policy = SignInPolicy::ryazan_2022();
/// let answer = recovery_answer(policy.rules_on("2024-09-30".parse()?));
/// assert!(answer.text_ru.starts_with("Если такой логин или адрес почты записан"));
/// assert_eq!(answer.next, [NextStep::AskClassTeacher, NextStep::AskAdministrator]);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryAnswer {
    /// The text, in Russian.
    pub text_ru: String,
    /// The same in English.
    pub text_en: String,
    /// What to do where no letter comes, in the order to try: whom to ask for a new card, or ЕСИА
    /// where no pupil has a password.
    pub next: Vec<NextStep>,
}

/// The answer under these rules.
///
/// ```
/// use eschool_core::{policy::SignInPolicy, recovery::recovery_answer};
///
/// let policy = SignInPolicy::udmurtia_2023();
/// let answer = recovery_answer(policy.rules_on("2024-09-30".parse()?));
/// assert!(answer.text_ru.contains("обратитесь к сотруднику школы"));
/// assert!(answer.text_en.contains("30 minutes"));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[must_use]
pub fn recovery_answer(rules: &Rules) -> RecoveryAnswer {
    let bands = [AgeBand::Younger, AgeBand::Older];
    if !bands.iter().any(|band| rules.allows_password(&Role::Pupil, Some(band))) {
        return without_passwords();
    }
    let minutes = lifetime_minutes();
    let minutes_ru = counted(minutes, ["минуту", "минуты", "минут"]);
    let next = new_card_path(rules);
    let (ask_ru, ask_en) = match next.as_slice() {
        [NextStep::AskClassTeacher, NextStep::AskAdministrator] => (
            "обратитесь к классному руководителю: он обратится к администратору школы, и вам",
            "ask the class teacher, who asks the school's administrator, and you",
        ),
        [NextStep::AskRegistrar, NextStep::AskAdministrator] => (
            "обратитесь к сотруднику школы, ответственному за данные: он обратится к \
             администратору, и вам",
            "ask the member of staff who keeps the data, who asks the school's administrator, and \
             you",
        ),
        _ => ("обратитесь в школу, и вам", "ask the school, and you"),
    };
    RecoveryAnswer {
        text_ru: format!(
            "Если такой логин или адрес почты записан в системе, мы отправили письмо. В нём все \
             логины этого адреса и ссылки, по которым можно задать новый пароль; они действуют \
             {minutes} {minutes_ru}. Если письма нет, посмотрите в папке «Спам». Если школа не \
             знает вашего адреса, {ask_ru} выдадут новую карточку."
        ),
        text_en: format!(
            "If this login or e-mail is known, we have sent a letter. It names every login of the \
             address, with links that set a new password and work for {minutes} minutes. If no \
             letter comes, look into the spam folder. If the school does not know your address, \
             {ask_en} will get a new card."
        ),
        next,
    }
}

/// The answer where pupils sign in through ЕСИА alone: no letter has a link, nobody gets a card.
fn without_passwords() -> RecoveryAnswer {
    RecoveryAnswer {
        text_ru: "Вход по логину и паролю здесь отключён, поэтому новый пароль не нужен: войдите \
                  через ЕСИА («Госуслуги»). Если такой логин или адрес почты записан в системе, \
                  мы отправили письмо. В нём все логины этого адреса."
            .into(),
        text_en: "Signing in with a password is switched off here, so no new password is needed: \
                  use the state sign-in (ЕСИА). If this login or e-mail is known, we have sent a \
                  letter. It names every login of the address."
            .into(),
        next: vec![NextStep::UseEsia],
    }
}

/// Who of the school leads to a new card; technical support issues none.
pub(super) fn new_card_path(rules: &Rules) -> Vec<NextStep> {
    let issues = |step: &&NextStep| {
        matches!(
            step,
            NextStep::AskClassTeacher | NextStep::AskRegistrar | NextStep::AskAdministrator
        )
    };
    rules.helpers.iter().filter(issues).cloned().collect()
}
