//! Logins of cards.

use alloc::{
    format,
    string::{String, ToString as _},
};

use super::{CardError, transliterate};
use crate::identity::{FullName, Login};

/// The longest prefix of a school with which every candidate is a login, of 64 characters at most:
/// beside it stand 40 of the family name, 3 of an initial, 5 of a number, and two `_`.
pub(crate) const LONGEST_PREFIX: usize = 14;

/// The logins a pupil may get, best first: the school's prefix, `_`, the family name
/// transliterated, then with the first letters of the given name, then with a number, ten thousand
/// of them. A prefix that no login can have gives none.
///
/// ```
/// use eschool_core::{identity::FullName, people::login_candidates};
///
/// let name = FullName::new("Щукина", "Юлия", Some("Андреевна"))?;
/// let logins: Vec<_> = login_candidates("pr7", &name).take(3).map(|l| l.to_string()).collect();
/// assert_eq!(logins, ["pr7_shhukina", "pr7_shhukina_yu", "pr7_shhukina_yu2"]);
/// # Ok::<(), eschool_core::identity::NameError>(())
/// ```
pub fn login_candidates(prefix: &str, name: &FullName) -> impl Iterator<Item = Login> + use<> {
    /// What a login may hold beside prefix, initials and number.
    const LONGEST_NAME: usize = 40;
    /// Far more namesakes than an installation has; an end, should none of them be a login.
    const LAST_NUMBER: u32 = 10_001;

    let family: String = transliterate(name.family()).chars().take(LONGEST_NAME).collect();
    let family = if family.is_empty() { "pupil".to_string() } else { family };
    let initial: String = transliterate(&name.given().chars().take(1).collect::<String>());
    // Asked once and not of each of the ten thousand: a prefix may be as long as its caller likes.
    let is_sound = prefix.is_empty() || format!("{prefix}_a").parse::<Login>().is_ok();
    let prefix = if is_sound { prefix } else { "" };
    let plain = format!("{prefix}_{family}");
    let with_initial = (!initial.is_empty()).then(|| format!("{plain}_{initial}"));
    let numbered = (2..=LAST_NUMBER).map({
        let stem = with_initial.clone().unwrap_or_else(|| plain.clone());
        move |n| format!("{stem}{n}")
    });
    [Some(plain), with_initial]
        .into_iter()
        .flatten()
        .chain(numbered)
        .take(if is_sound { usize::MAX } else { 0 })
        .filter_map(|text| text.parse().ok())
}

/// The login a pupil gets: the first [candidate](login_candidates) that nobody in the installation
/// has.
///
/// ```
/// use std::collections::BTreeSet;
///
/// use eschool_core::{identity::{FullName, Login}, people::free_login};
///
/// let name = FullName::new("Щукина", "Юлия", None)?;
/// let mut taken: BTreeSet<Login> = BTreeSet::new();
/// for expected in ["pr7_shhukina", "pr7_shhukina_yu", "pr7_shhukina_yu2"] {
///     let login = free_login("pr7", &name, |login| taken.contains(login))?;
///     assert_eq!(login.as_str(), expected);
///     taken.insert(login);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`CardError::NoLogin`] where every candidate is taken or the prefix is none that a login can
/// have.
pub fn free_login(
    prefix: &str,
    name: &FullName,
    mut is_taken: impl FnMut(&Login) -> bool,
) -> Result<Login, CardError> {
    login_candidates(prefix, name).find(|login| !is_taken(login)).ok_or(CardError::NoLogin)
}

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeSet, vec::Vec};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_candidates_end() {
        let name = FullName::new("Ли", "Ян", None).unwrap();
        assert_eq!(login_candidates("школа 7", &name).count(), 0);
        assert_eq!(login_candidates(&"x".repeat(80), &name).count(), 0);
        assert_eq!(login_candidates("pr7", &name).count(), 10_002);
        let last = login_candidates("pr7", &name).last().unwrap();
        assert_eq!(last.as_str(), "pr7_li_ya10001");
    }

    #[test]
    fn a_name_without_letters_of_a_login_gets_one_too() {
        let name = FullName::new("李", "小龍", None).unwrap();
        let logins: Vec<_> = login_candidates("pr7", &name).take(3).collect();
        let logins: Vec<_> = logins.iter().map(Login::as_str).collect();
        assert_eq!(logins, ["pr7_pupil", "pr7_pupil2", "pr7_pupil3"]);
    }

    #[test]
    fn nobody_gets_a_login_that_is_taken() {
        let name = FullName::new("Ли", "Ян", None).unwrap();
        let second = free_login("pr7", &name, |login| login.as_str() == "pr7_li");
        assert_eq!(second.unwrap().as_str(), "pr7_li_ya");
        assert_eq!(free_login("pr7", &name, |_| true), Err(CardError::NoLogin));
        assert_eq!(free_login("школа 7", &name, |_| false), Err(CardError::NoLogin));
    }

    #[test]
    fn a_prefix_of_any_length_is_judged_once() {
        let name = FullName::new("Ли", "Ян", None).unwrap();
        let first = |prefix: &str| login_candidates(prefix, &name).next();
        // Ten thousand copies of it would take minutes.
        assert_eq!(first(&"a".repeat(10_000_000)), None);
        assert_eq!(first(&"ы".repeat(10_000_000)), None);
        assert_eq!(first("").unwrap().as_str(), "_li");
        assert_eq!(first(&"a".repeat(61)).unwrap().as_str().len(), 64);
        assert_eq!(first(&"a".repeat(62)), None);
    }

    proptest! {
        #[test]
        fn every_name_gets_logins_that_differ(family in "\\PC{1,30}", given in "\\PC{1,30}") {
            if let Ok(name) = FullName::new(&family, &given, None) {
                let logins: Vec<_> = login_candidates("pr7", &name).take(20).collect();
                prop_assert_eq!(logins.len(), 20);
                let distinct: BTreeSet<_> = logins.iter().collect();
                prop_assert_eq!(distinct.len(), 20);
            }
        }
    }
}
