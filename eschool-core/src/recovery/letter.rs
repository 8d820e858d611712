//! The letter with the links.

use alloc::{format, string::String, vec::Vec};

use chrono::{DateTime, Utc};

use super::link::lifetime_minutes;
use crate::{
    debug::debug_shows,
    id::AccountId,
    identity::{Email, FullName, Login},
    signin::Refusal,
    words::counted,
};

/// A letter that names every login of an address.
///
/// The addresses of the links go through [`text_ru`](Self::text_ru) and [`text_en`](Self::text_en)
/// and are not kept: they hold secrets.
///
/// ```
/// use eschool_core::recovery::{LetterEntry, LetterWay, RecoveryLetter};
///
/// let entry = LetterEntry {
///     account: "019379ab-0000-7000-8000-000000000001".parse()?,
///     login: "s7_yolkina".parse()?,
///     name: serde_json::from_str(r#"{"family": "Ёлкина", "given": "Анна"}"#)?,
///     way: LetterWay::Link { expires_at: "2024-09-30T09:30:00Z".parse().unwrap() },
/// };
/// let letter = RecoveryLetter { to: "mama@example.org".parse()?, entries: vec![entry] };
/// let text = letter.text_ru(|entry| format!("https://school.example.org/new?of={}", entry.login));
/// assert!(text.contains("Логин: s7_yolkina"));
/// assert!(text.contains("https://school.example.org/new?of=s7_yolkina"));
/// assert_eq!(letter.subject_en(), "Your logins for the school diary");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryLetter {
    /// Where it goes.
    pub to: Email,
    /// What it names, by name.
    pub entries: Vec<LetterEntry>,
}

/// A login in a letter.
///
/// ```
/// use eschool_core::recovery::{LetterEntry, LetterWay};
///
/// let entry = LetterEntry {
///     account: "019379ab-0000-7000-8000-000000000001".parse()?,
///     login: "s7_yolkina".parse()?,
///     name: serde_json::from_str(r#"{"family": "Ёлкина", "given": "Анна"}"#)?,
///     way: LetterWay::Closed,
/// };
/// assert!(!format!("{entry:?}").contains("yolkina"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct LetterEntry {
    /// Whose it is.
    pub account: AccountId,
    /// The login.
    pub login: Login,
    /// The pupil's name; the letter says the given name alone.
    pub name: FullName,
    /// What its holder can do.
    pub way: LetterWay,
}

debug_shows! {
    RecoveryLetter { entries }
    LetterEntry { account, way }
}

/// What the holder of a login can do.
///
/// ```
/// use eschool_core::{policy::SignInPolicy, recovery::LetterWay, signin::{Refusal, RefusalCode}};
///
/// let policy = SignInPolicy::ryazan_2022();
/// let refusal = Refusal::new(RefusalCode::UseEsia, policy.rules_on("2024-09-30".parse()?));
/// assert_ne!(LetterWay::UseEsia(refusal), LetterWay::Closed);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterWay {
    /// Set a new password by a one-time link.
    Link {
        /// The first instant at which the link no longer serves.
        expires_at: DateTime<Utc>,
    },
    /// Use ЕСИА: a password no longer serves. The letter says it of the pupil, for a parent may read.
    UseEsia(Refusal),
    /// Nothing: the pupil has left the school.
    Closed,
}

impl RecoveryLetter {
    /// The subject, in Russian.
    #[must_use]
    pub const fn subject_ru(&self) -> &'static str {
        "Ваши логины для входа в электронный дневник"
    }

    /// The subject, in English.
    #[must_use]
    pub const fn subject_en(&self) -> &'static str {
        "Your logins for the school diary"
    }

    /// The text, in Russian. `link` gives the address of an entry's link, and is asked for entries
    /// that have one.
    #[must_use]
    pub fn text_ru(&self, mut link: impl FnMut(&LetterEntry) -> String) -> String {
        let minutes = lifetime_minutes();
        let lasts = format!("{minutes} {}", counted(minutes, ["минуту", "минуты", "минут"]));
        let entries = self.entries.iter().map(|entry| {
            let way = match &entry.way {
                LetterWay::Link { .. } => format!("Задать новый пароль: {}", link(entry)),
                LetterWay::UseEsia(refusal) => refusal.text_of_pupil_ru(),
                LetterWay::Closed => {
                    "Учётная запись закрыта: по данным школы ученик в ней больше не учится.".into()
                }
            };
            format!("{}\nЛогин: {}\n{way}\n", entry.name.given(), entry.login)
        });
        let entries = entries.collect::<Vec<_>>().join("\n");
        let links = match self.links() {
            0 => String::new(),
            1 => format!(
                "Ссылка сработает один раз и действует {lasts}. Никому её не пересылайте: по ней \
                 можно войти в дневник.\n\n"
            ),
            _ => format!(
                "Каждая ссылка сработает один раз и действует {lasts}. Никому их не пересылайте: \
                 по ним можно войти в дневник.\n\n"
            ),
        };
        format!(
            "Здравствуйте!\n\nКто-то, скорее всего вы, попросил восстановить пароль от \
             электронного дневника. Вот кто записан с этим адресом почты:\n\n{entries}\n{links}Если \
             вы ни о чём не просили, ничего не делайте: вход останется прежним.\n"
        )
    }

    /// The same in English.
    #[must_use]
    pub fn text_en(&self, mut link: impl FnMut(&LetterEntry) -> String) -> String {
        let minutes = lifetime_minutes();
        let entries = self.entries.iter().map(|entry| {
            let way = match &entry.way {
                LetterWay::Link { .. } => format!("Set a new password: {}", link(entry)),
                LetterWay::UseEsia(refusal) => refusal.text_of_pupil_en(),
                LetterWay::Closed => {
                    "The account is closed: by the school's records the pupil no longer studies \
                     there."
                        .into()
                }
            };
            format!("{}\nLogin: {}\n{way}\n", entry.name.given(), entry.login)
        });
        let entries = entries.collect::<Vec<_>>().join("\n");
        let links = match self.links() {
            0 => String::new(),
            1 => format!(
                "The link works once and for {minutes} minutes. Pass it on to nobody: it opens \
                 the diary.\n\n"
            ),
            _ => format!(
                "Each link works once and for {minutes} minutes. Pass them on to nobody: they \
                 open the diary.\n\n"
            ),
        };
        format!(
            "Hello,\n\nSomebody, most likely you, asked to restore the password for the school \
             diary. This is who has this e-mail address:\n\n{entries}\n{links}If you asked for \
             nothing, do nothing: everything stays as it was.\n"
        )
    }

    fn links(&self) -> usize {
        self.entries.iter().filter(|entry| matches!(entry.way, LetterWay::Link { .. })).count()
    }
}
