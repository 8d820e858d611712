//! Of whom an entry tells that was refused.

use alloc::{format, string::String};

use super::{Account, TypedEntry};
use crate::identity::{BirthDate, Email, FullName, MobilePhone, Patronymic, Snils, fold_name};

/// Whether what was typed and refused is about somebody, and so what becomes of it when they ask what
/// is kept of them (152-ФЗ, ст. 14), and when they are erased.
///
/// ```
/// use eschool_core::people::{Account, Telling, TypedEntry};
///
/// let account: Account = serde_json::from_str(
///     r#"{"id": "019379ab-0000-7000-8000-000000000002",
///         "school": "019379ab-0000-7000-8000-000000000001",
///         "person": "019379ab-0000-7000-8000-000000000003",
///         "name": {"family": "Иванова", "given": "Мария"}, "birthDate": "1985-05-17"}"#,
/// )?;
/// let told = |typed: &str| -> serde_json::Result<Telling> {
///     Ok(serde_json::from_str::<TypedEntry>(typed)?.tells_of(&account))
/// };
/// let own = r#"{"family": "иванова", "given": "Мария", "birthDate": "17.05.1985"}"#;
/// let namesake = r#"{"family": "Иванова", "given": "Мария", "birthDate": "18.05.1985"}"#;
/// let somebodys = r#"{"family": "Иванова", "given": "Мария", "phone": "8 912 345-67-89"}"#;
/// assert_eq!(told(own)?, Telling::Theirs);
/// assert_eq!(told(namesake)?, Telling::NotTheirs);
/// assert_eq!(told(somebodys)?, Telling::Perhaps);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// It is theirs: they are given it, and it goes when they are erased.
    Theirs,
    /// It may be a namesake's, or has their СНИЛС beside what is another's: it is given to nobody,
    /// and goes when they are erased.
    Perhaps,
    /// It is somebody else's, to whom it is to be left.
    NotTheirs,
}

impl TypedEntry {
    /// Whether the entry tells of somebody.
    ///
    /// It is theirs if it has their family and given name – in fields of their own, or as words of one
    /// – and what else it says is not another's: a СНИЛС, a birth date or, where neither is the same, a
    /// patronymic that differs is. Of what it says by which people are told apart – СНИЛС, birth date,
    /// phone, e-mail – something has to be theirs; an entry that says nothing of that is theirs by the
    /// name. Without any name it is theirs by the СНИЛС alone: a phone is shared by a family.
    #[must_use]
    pub fn tells_of(&self, account: &Account) -> Telling {
        let snils = said(&self.snils, |text| Snils::parse(text).ok());
        let birth_date = said(&self.birth_date, |text| text.parse::<BirthDate>().ok());
        let snils = Said::of(snils, account.snils);
        let birth_date = Said::of(birth_date, account.birth_date);
        let is_their_snils = snils == Said::Same;
        let is_known = is_their_snils || birth_date == Said::Same;
        let is_anothers = snils == Said::Differs
            || birth_date == Said::Differs
            || !is_known && self.has_another_patronymic(&account.name);
        let is_reached = self.has_phone_of(account) || self.has_email_of(account);
        let says_nothing =
            [&self.snils, &self.birth_date, &self.phone, &self.email].map(|text| text.trim());
        let says_nothing = says_nothing.iter().all(|text| text.is_empty());

        match self.names(&account.name) {
            Some(true) if !is_anothers && (is_known || is_reached || says_nothing) => {
                Telling::Theirs
            }
            None if !is_anothers && is_their_snils => Telling::Theirs,
            Some(true) if !is_anothers => Telling::Perhaps,
            None if !is_anothers && is_reached => Telling::Perhaps,
            _ if is_their_snils => Telling::Perhaps,
            _ => Telling::NotTheirs,
        }
    }

    /// Whether the name typed has somebody's family and given name; none where no name was typed.
    fn names(&self, name: &FullName) -> Option<bool> {
        let typed = [&self.family, &self.given, &self.patronymic].map(|part| fold_name(part));
        if typed.iter().all(String::is_empty) {
            return None;
        }
        let words = format!(" {} ", typed.join(" "));
        let parts = [name.family(), name.given()].map(fold_name);
        Some(parts.iter().all(|part| words.contains(&format!(" {part} "))))
    }

    fn has_another_patronymic(&self, name: &FullName) -> bool {
        let known = |patronymic: &Patronymic| patronymic.as_deref().map(fold_name);
        let typed = Patronymic::of_cell(&self.patronymic);
        let typed = typed.ok().as_ref().and_then(known);
        typed.zip(known(name.patronymic())).is_some_and(|(typed, known)| typed != known)
    }

    fn has_phone_of(&self, account: &Account) -> bool {
        let mut phones = self.phone.split([',', ';', '/', '\n', '\r']);
        account.phone.is_some_and(|known| {
            phones.any(|phone| MobilePhone::parse(phone).is_ok_and(|phone| phone == known))
        })
    }

    fn has_email_of(&self, account: &Account) -> bool {
        let typed = said(&self.email, |text| text.parse::<Email>().ok());
        typed
            .zip(account.email.as_ref())
            .is_some_and(|(typed, known)| typed.canonical() == known.canonical())
    }
}

/// What an entry says beside what is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Same,
    Differs,
    /// One of the two is not known, or cannot be read.
    Nothing,
}

impl Said {
    fn of<T: PartialEq>(typed: Option<T>, known: Option<T>) -> Self {
        match typed.zip(known) {
            Some((typed, known)) if typed == known => Self::Same,
            Some(_) => Self::Differs,
            None => Self::Nothing,
        }
    }
}

fn said<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    Some(text.trim()).filter(|text| !text.is_empty()).and_then(read)
}

#[cfg(test)]
mod tests {
    use super::{
        Telling::{NotTheirs, Perhaps, Theirs},
        *,
    };

    fn account() -> Account {
        serde_json::from_str(
            r#"{"id": "019379ab-0000-7000-8000-000000000002",
                "school": "019379ab-0000-7000-8000-000000000001",
                "person": "019379ab-0000-7000-8000-000000000003",
                "name": {"family": "Ёлкина", "given": "Мария", "patronymic": {"given": "Олеговна"}},
                "birthDate": "1985-05-17", "snils": "112-233-445 95", "phone": "+79123456789",
                "email": "anna@example.org"}"#,
        )
        .unwrap()
    }

    fn typed([family, given, patronymic, birth_date, snils, phone]: [&str; 6]) -> TypedEntry {
        TypedEntry {
            family: family.into(),
            given: given.into(),
            patronymic: patronymic.into(),
            birth_date: birth_date.into(),
            snils: snils.into(),
            phone: phone.into(),
            email: String::new(),
        }
    }

    #[test]
    fn an_entry_is_theirs_whose_name_and_numbers_it_has() {
        let number = "112-233-445 95";
        for (cells, told) in [
            (["ёлкина", "МАРИЯ", "", "", "", ""], Theirs),
            (["Елкина  мария Олеговна", "", "", "", "", ""], Theirs),
            (["Ёлкина", "Мария", "", "17.05.1985", "", ""], Theirs),
            (["Ёлкина", "Мария", "", "", "", "8 (912) 345-67-89, 1"], Theirs),
            (["", "", "", "", "11223344595", ""], Theirs),
            // What was typed wrong cannot be read, and is nobody else's.
            (["Ёлкина", "Мария", "", "17.05.1985", "112-233-445 96", ""], Theirs),
            // A patronymic is mistyped, the birth date is not.
            (["Ёлкина", "Мария", "Олеговa", "17.05.1985", "", ""], Theirs),
            // A namesake, as far as anybody knows.
            (["Ёлкина", "Мария", "", "", "112-233-445 96", ""], Perhaps),
            (["Ёлкина", "Мария", "", "", "", "8 912 000-00-00"], Perhaps),
            // Of nobody, by a phone that a family shares.
            (["", "", "", "", "", "8 912 345-67-89"], Perhaps),
            // Another's, with their number.
            (["Ёлкин", "Олег", "", "02.03.2010", number, ""], Perhaps),
            (["Ёлкина", "Мария", "", "18.05.1985", number, ""], Perhaps),
            // Another's.
            (["Ёлкина", "Мария", "", "18.05.1985", "", "8 912 345-67-89"], NotTheirs),
            (["Ёлкина", "Мария", "", "17.05.1985", "116-973-385 89", ""], NotTheirs),
            (["Ёлкина", "Мария", "Петровна", "", "", "8 912 345-67-89"], NotTheirs),
            (["Ёлкин", "Олег", "", "", "", "8 912 345-67-89"], NotTheirs),
            (["Ёлкинадзе", "Марияна", "", "", "", ""], NotTheirs),
            (["Ёлкина", "", "", "", "", ""], NotTheirs),
            (["", "", "", "17.05.1985", "", ""], NotTheirs),
            ([""; 6], NotTheirs),
        ] {
            assert_eq!(typed(cells).tells_of(&account()), told, "{cells:?}");
        }
    }

    #[test]
    fn an_e_mail_tells_of_somebody_beside_their_name_alone() {
        let by_email = |family: &str, given: &str| TypedEntry {
            email: " ANNA@example.org ".into(),
            ..typed([family, given, "", "", "", ""])
        };
        assert_eq!(by_email("Ёлкина", "Мария").tells_of(&account()), Theirs);
        assert_eq!(by_email("Ёлкин", "Олег").tells_of(&account()), NotTheirs);
        let others = TypedEntry {
            email: "oleg@example.org".into(), ..by_email("Ёлкина", "Мария")
        };
        assert_eq!(others.tells_of(&account()), Perhaps);
    }

    #[test]
    fn of_whom_little_is_known_little_is_told() {
        let bare = Account { birth_date: None, snils: None, phone: None, email: None, ..account() };
        let namesakes = typed(["Ёлкина", "Мария", "", "17.05.1985", "112-233-445 95", ""]);
        assert_eq!(namesakes.tells_of(&bare), Perhaps);
    }
}
