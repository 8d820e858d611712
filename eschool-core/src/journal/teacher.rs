//! Whose lesson it is.

use alloc::{format, string::String, vec::Vec};

use crate::{
    id::AccountId,
    identity::{FullName, Patronymic, fold_name},
    people::StaffPost,
};

/// The account of whoever is printed as the teacher of a lesson, among the staff of its school;
/// none if nobody or more than one of them may be meant.
///
/// A school prints a name whole (*Ефремова Ариана Денисовна*), without the patronymic, or with
/// initials (*Ефремова А. Д.*). Case, ё and е, and spaces do not matter. A member of staff may
/// stand several times, as who teaches two subjects does.
///
/// ```
/// use eschool_core::{id::AccountId, identity::FullName, journal::teacher_of};
/// use uuid::Uuid;
///
/// let name = |given, patronymic| FullName::new("Ёлкина", given, Some(patronymic)).unwrap();
/// let staff = [(1, name("Анна", "Олеговна")), (2, name("Алла", "Игоревна"))]
///     .map(|(n, name)| (AccountId(Uuid::from_u128(n)), name));
/// let staff = || staff.iter().map(|(account, name)| (*account, name));
///
/// let (anna, alla) = (staff().next().unwrap().0, staff().last().unwrap().0);
/// assert_eq!(teacher_of("Елкина Анна Олеговна", staff()), Some(anna));
/// assert_eq!(teacher_of("Ёлкина А.И.", staff()), Some(alla));
/// assert_eq!(teacher_of("Ёлкина А.", staff()), None);
/// assert_eq!(teacher_of("", staff()), None);
/// ```
#[must_use]
pub fn teacher_of<'a>(
    printed: &str,
    staff: impl IntoIterator<Item = (AccountId, &'a FullName)>,
) -> Option<AccountId> {
    let printed = as_compared(printed);
    if printed.is_empty() {
        return None;
    }
    let mut meant = None;
    for (account, name) in staff {
        if meant != Some(account) && is_printed_as(name, &printed) {
            if meant.is_some() {
                return None;
            }
            meant = Some(account);
        }
    }
    meant
}

/// The account that gives a lesson, which is its own to write: whoever is
/// [printed](teacher_of) as its teacher. A lesson that is new, or becomes one of another subject
/// than the former, is given by nobody who has no post of that subject: else anybody could make a
/// lesson of anything their own by putting a name to it.
///
/// ```
/// use eschool_core::{identity::FullName, journal::giver_of, people::StaffPost};
///
/// let name = FullName::new("Ёлкина", "Анна", Some("Олеговна")).unwrap();
/// let post: StaffPost = serde_json::from_str(
///     r#"{"account": "019379ab-0000-7000-8000-000000000002", "subject": "Химия"}"#,
/// ).unwrap();
/// let staff = [(post.clone(), name)];
/// let giver = |subject, former| giver_of("Ёлкина А. О.", subject, former, &staff);
/// assert_eq!(giver("Химия", None), Some(post.account));
/// assert_eq!(giver("Физика", None), None);
/// assert_eq!(giver("Физика", Some("Физика")), Some(post.account)); // stands in for somebody
/// ```
#[must_use]
pub fn giver_of(
    printed: &str,
    subject: &str,
    former_subject: Option<&str>,
    staff: &[(StaffPost, FullName)],
) -> Option<AccountId> {
    let meant = teacher_of(printed, staff.iter().map(|(post, name)| (post.account, name)))?;
    let teaches = |(post, _): &(StaffPost, FullName)| {
        post.account == meant && as_compared(&post.subject) == as_compared(subject)
    };
    (former_subject == Some(subject) || staff.iter().any(teaches)).then_some(meant)
}

/// Whether one of the ways to print the name gives this.
fn is_printed_as(name: &FullName, printed: &str) -> bool {
    let (family, given) = (name.family(), name.given());
    let patronymic = match name.patronymic() {
        Patronymic::Given(patronymic) => Some(patronymic.as_str()),
        _ => None,
    };
    let initial = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
    let mut ways = Vec::from([format!("{family} {given}"), format!("{family} {}", initial(given))]);
    if let Some(patronymic) = patronymic {
        ways.push(format!("{family} {given} {patronymic}"));
        ways.push(format!("{family} {} {}", initial(given), initial(patronymic)));
    }
    ways.iter().any(|way| as_compared(way) == printed)
}

/// A point after an initial parts words as a space does.
fn as_compared(text: &str) -> String {
    fold_name(text.replace('.', " ").trim())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_teacher_is_known_by_every_way_to_print_the_name() {
        let id = |n| AccountId(Uuid::from_u128(n));
        let name = |family, given, patronymic| FullName::new(family, given, patronymic).unwrap();
        let staff = [
            (id(1), name("Рахматуллина", "Лора", Some("Игоревна"))),
            // The same person, for another subject.
            (id(1), name("Рахматуллина", "Лора", Some("Игоревна"))),
            (id(2), name("Ким", "Яна", Some("-"))),
            (id(3), name("Пихта-Ёлкина", "Анна", Some("Олеговна"))),
            (id(4), name("Сосна", "Иван", Some("Ильич"))),
            (id(5), name("Сосна", "Игорь", Some("Ильич"))),
        ];
        for (printed, expected) in [
            ("Рахматуллина Лора Игоревна", Some(1)),
            ("РАХМАТУЛЛИНА  ЛОРА", Some(1)),
            ("Рахматуллина Л. И.", Some(1)),
            ("Рахматуллина Л.И.", Some(1)),
            ("Рахматуллина Л.", Some(1)),
            ("Рахматуллина", None),
            ("Рахматуллина Л. О.", None),
            ("Лора Игоревна", None),
            ("Ким Яна", Some(2)),
            ("Ким Я.", Some(2)),
            ("Пихта - Елкина А. О.", Some(3)),
            ("Сосна Иван Ильич", Some(4)),
            // Two may be meant.
            ("Сосна И. И.", None),
            ("вакансия", None),
            (" . ", None),
        ] {
            let staff = staff.iter().map(|(account, name)| (*account, name));
            assert_eq!(teacher_of(printed, staff), expected.map(id), "{printed}");
        }
    }
}
