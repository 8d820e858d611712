//! Accounts: people as one school knows them.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::{
    id::{AccountId, PersonId, SchoolId},
    identity::{BirthDate, Email, FullName, MobilePhone, Snils},
    wire::wire_enum,
};

/// An account (*учётная запись*): a person as **one school** knows them, with what that school
/// typed.
///
/// ```
/// use eschool_core::people::{Account, MandatoryField};
///
/// let account: Account = serde_json::from_str(
///     r#"{"id": "019379ab-0000-7000-8000-000000000002",
///         "school": "019379ab-0000-7000-8000-000000000001",
///         "person": "019379ab-0000-7000-8000-000000000003",
///         "name": {"family": "Ёлкина", "given": "Анна", "patronymic": "missing"},
///         "birthDate": "1985-05-17", "phone": "+79123456789"}"#,
/// )?;
/// let missing = account.missing(&[MandatoryField::Snils, MandatoryField::Phone]);
/// assert_eq!(missing, [MandatoryField::Snils]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// The school that keeps it.
    pub school: SchoolId,
    /// The human being it is about; several schools may keep an account of one.
    pub person: PersonId,
    /// The name.
    pub name: FullName,
    /// The birth date, if the school has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<BirthDate>,
    /// The СНИЛС, if the school has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// The mobile phone, if the school has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<MobilePhone>,
    /// The e-mail, if the school has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

/// What somebody typed, or a file brought, of one person: an account that is not there yet.
///
/// ```
/// use eschool_core::{id::{AccountId, PersonId, SchoolId}, people::AccountEntry};
///
/// let entry: AccountEntry = serde_json::from_str(
///     r#"{"name": {"family": "Ёлкина", "given": "Анна"}, "phone": "8 912 345-67-89"}"#,
/// )?;
/// let id = uuid::Uuid::from_u128;
/// let account = entry.into_account(AccountId(id(2)), SchoolId(id(1)), PersonId(id(3)));
/// assert_eq!(account.phone.unwrap().to_string(), "+79123456789");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountEntry {
    /// The name.
    pub name: FullName,
    /// The birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<BirthDate>,
    /// The СНИЛС.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// The mobile phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<MobilePhone>,
    /// The e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

wire_enum! {
    /// A field a policy wants in every parent's account; family and given name are always there.
    ///
    /// ```
    /// use eschool_core::people::MandatoryField;
    ///
    /// assert_eq!(MandatoryField::BirthDate.as_str(), "birth_date");
    /// ```
    pub enum MandatoryField {
        /// Отчество: given, or confirmed to be absent.
        Patronymic = "patronymic",
        /// Дата рождения.
        BirthDate = "birth_date",
        /// Телефон.
        Phone = "phone",
        /// СНИЛС.
        Snils = "snils",
    }
}

impl Account {
    /// Whether name **and** birth date both differ: an equal СНИЛС is then not enough to make two
    /// accounts one person's. What one of them lacks is no difference.
    #[must_use]
    pub fn is_unlike(&self, other: &Self) -> bool {
        both_differ(self.birth_date, other.birth_date) && !self.name.matches(&other.name)
    }

    /// Whether what the school says of the account now is no longer what it was joined to the
    /// accounts of other schools by: another СНИЛС, or the first; of who has none, another phone.
    /// What one school types is to give nobody the accounts of another.
    ///
    /// ```
    /// use eschool_core::people::Account;
    ///
    /// let before: Account = serde_json::from_str(
    ///     r#"{"id": "019379ab-0000-7000-8000-000000000002",
    ///         "school": "019379ab-0000-7000-8000-000000000001",
    ///         "person": "019379ab-0000-7000-8000-000000000003",
    ///         "name": {"family": "Ёлкина", "given": "Анна"}, "snils": "112-233-445 95"}"#,
    /// )?;
    /// let with_phone = Account { phone: "+79123456789".parse().ok(), ..before.clone() };
    /// assert!(!before.is_parted_by(&with_phone));
    /// let bare = Account { snils: None, ..before.clone() };
    /// assert!(before.is_parted_by(&bare) && bare.is_parted_by(&before));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn is_parted_by(&self, after: &Self) -> bool {
        self.snils != after.snils || self.snils.is_none() && self.phone != after.phone
    }

    /// Which of the mandatory fields the account lacks, in the order they are asked for. A field
    /// this version does not know is one it cannot show to be there.
    #[must_use]
    pub fn missing(&self, mandatory: &[MandatoryField]) -> Vec<MandatoryField> {
        mandatory
            .iter()
            .filter(|field| match field {
                MandatoryField::Patronymic => !self.name.patronymic().is_known(),
                MandatoryField::BirthDate => self.birth_date.is_none(),
                MandatoryField::Phone => self.phone.is_none(),
                MandatoryField::Snils => self.snils.is_none(),
                MandatoryField::Unknown(_) => true,
            })
            .cloned()
            .collect()
    }
}

/// Two values that are both there and not the same; an absent one contradicts nothing.
pub(crate) fn both_differ<T: PartialEq>(left: Option<T>, right: Option<T>) -> bool {
    matches!((left, right), (Some(left), Some(right)) if left != right)
}

impl AccountEntry {
    /// The account this entry makes.
    #[must_use]
    pub fn into_account(self, id: AccountId, school: SchoolId, person: PersonId) -> Account {
        Account {
            id,
            school,
            person,
            name: self.name,
            birth_date: self.birth_date,
            snils: self.snils,
            phone: self.phone,
            email: self.email,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::identity::Patronymic;

    fn account() -> Account {
        serde_json::from_value(serde_json::json!({
            "id": "019379ab-0000-7000-8000-000000000002",
            "school": "019379ab-0000-7000-8000-000000000001",
            "person": "019379ab-0000-7000-8000-000000000003",
            "name": {"family": "Ёлкина", "given": "Анна", "patronymic": {"given": "Олеговна"}},
            "birthDate": "1985-05-17", "phone": "+79123456789", "snils": "112-233-445 95",
        }))
        .unwrap()
    }

    #[test]
    fn what_an_account_lacks_is_told_in_the_order_it_is_asked_for() {
        use MandatoryField::{BirthDate, Patronymic as Middle, Phone, Snils};
        type Change = fn(&mut Account);
        let all = [Snils, Middle, Phone, BirthDate];
        let none: Change = |_| {};
        let cases: &[(Change, &[MandatoryField], &[MandatoryField])] = &[
            (none, &[], &[]),
            (none, &all, &[]),
            (|a| a.birth_date = None, &all, &[BirthDate]),
            (|a| a.phone = None, &all, &[Phone]),
            (|a| a.snils = None, &all, &[Snils]),
            (|a| a.snils = None, &[Middle, Phone, BirthDate], &[]),
            (|a| (a.snils, a.birth_date) = (None, None), &all, &[Snils, BirthDate]),
            (|a| (a.snils, a.birth_date) = (None, None), &[BirthDate, Snils], &[BirthDate, Snils]),
            // Nobody wants an e-mail.
            (|a| a.email = None, &all, &[]),
        ];
        for (i, (change, mandatory, missing)) in cases.iter().enumerate() {
            let mut account = account();
            change(&mut account);
            assert_eq!(account.missing(mandatory), *missing, "case {i}");
        }
        let newer = vec![MandatoryField::Unknown("inn".into())];
        assert_eq!(account().missing(&newer), newer);
    }

    #[test]
    fn a_key_that_is_another_parts_what_it_joined() {
        type Change = fn(&mut Account);
        let cases: [(Change, Change, bool); 8] = [
            (|_| {}, |_| {}, false),
            (|_| {}, |a| a.snils = "087-654-302 00".parse().ok(), true),
            (|_| {}, |a| a.snils = None, true),
            (|a| a.snils = None, |a| a.snils = "087-654-302 00".parse().ok(), true),
            (|_| {}, |a| a.phone = None, false),
            (|a| a.snils = None, |a| a.phone = "+79120000001".parse().ok(), true),
            (
                |a| (a.snils, a.phone) = (None, None),
                |a| a.phone = "+79120000001".parse().ok(),
                true,
            ),
            (|a| a.snils = None, |a| a.birth_date = None, false),
        ];
        for (i, (make, change, parts)) in cases.into_iter().enumerate() {
            let mut before = account();
            make(&mut before);
            let mut after = before.clone();
            change(&mut after);
            assert_eq!(before.is_parted_by(&after), parts, "case {i}");
        }
    }

    #[test]
    fn a_patronymic_is_there_if_somebody_said_which_or_that_there_is_none() {
        for (patronymic, is_missing) in [
            (Patronymic::Given("Олеговна".into()), false),
            (Patronymic::None, false),
            (Patronymic::Missing, true),
            (Patronymic::Unknown("not_asked".into()), true),
        ] {
            let name = FullName::of_parts("Ёлкина", "Анна", patronymic.clone()).unwrap();
            let account = Account { name, ..account() };
            let missing = account.missing(&[MandatoryField::Patronymic]);
            assert_eq!(!missing.is_empty(), is_missing, "{:?}", patronymic.is_known());
        }
    }
}
