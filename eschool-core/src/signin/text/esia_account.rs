//! Which ЕСИА account somebody has to have whose own is not enough.
//!
//! Where a confirmed one alone opens the diary, the seeds have words of their own for it. Of other
//! rules it is said what they accept; a child account is a pupil's by what it is.

use alloc::{format, string::String, vec::Vec};

use crate::signin::Assurance;

/// «нужна подтверждённая, а ученику подойдёт и детская, которую создаёт родитель в своём личном
/// кабинете», where a confirmed one is not all that is accepted.
pub(crate) fn needed_ru(accounts: &[Assurance]) -> Option<String> {
    let made = "которую создаёт родитель в своём личном кабинете";
    Some(match Accepted::of(accounts)? {
        Accepted::Child => format!("нужна детская, {made}"),
        Accepted::Others { others, child } => {
            let words = others.into_iter().map(|account| match account {
                Assurance::Unconfirmed => "неподтверждённая",
                _ => account.text_ru(),
            });
            let words: Vec<_> = words.collect();
            let child = if child {
                format!(", а ученику подойдёт и детская, {made}")
            } else {
                String::new()
            };
            format!("нужна {}{child}", words.join(" или "))
        }
    })
}

/// "it must be confirmed, or, for a pupil, a child account that a parent makes in their own", where
/// a confirmed one is not all that is accepted.
pub(crate) fn needed_en(accounts: &[Assurance]) -> Option<String> {
    let made = "a child account that a parent makes in their own";
    Some(match Accepted::of(accounts)? {
        Accepted::Child => format!("it must be {made}"),
        Accepted::Others { others, child } => {
            let words: Vec<_> = others.into_iter().map(Assurance::as_str).collect();
            let child = if child { format!(", or, for a pupil, {made}") } else { String::new() };
            format!("it must be {}{child}", words.join(" or "))
        }
    })
}

/// What is accepted beside or instead of a confirmed account.
enum Accepted<'a> {
    Child,
    Others { others: Vec<&'a Assurance>, child: bool },
}

impl<'a> Accepted<'a> {
    /// None where it is a confirmed account alone; a refusal of an older version names none at all.
    fn of(accounts: &'a [Assurance]) -> Option<Self> {
        let others: Vec<_> =
            accounts.iter().filter(|account| **account != Assurance::Child).collect();
        let child = others.len() < accounts.len();
        match others.as_slice() {
            [] if child => Some(Self::Child),
            [] => None,
            [Assurance::Confirmed] if !child => None,
            _ => Some(Self::Others { others, child }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_accounts_than_a_confirmed_one_are_named() {
        use Assurance::{Child, Confirmed, Unconfirmed};
        const MADE: &str = "детская, которую создаёт родитель в своём личном кабинете";
        for (accounts, russian, english) in [
            (&[][..], None, None),
            (&[Confirmed], None, None),
            (
                &[Child],
                Some(format!("нужна {MADE}")),
                Some("it must be a child account that a parent makes in their own"),
            ),
            (
                &[Child, Confirmed],
                Some(format!("нужна подтверждённая, а ученику подойдёт и {MADE}")),
                Some(
                    "it must be confirmed, or, for a pupil, a child account that a parent makes \
                     in their own",
                ),
            ),
            (
                &[Unconfirmed, Confirmed],
                Some("нужна неподтверждённая или подтверждённая".into()),
                Some("it must be unconfirmed or confirmed"),
            ),
        ] {
            assert_eq!(needed_ru(accounts), russian);
            assert_eq!(needed_en(accounts).as_deref(), english);
        }
    }
}
