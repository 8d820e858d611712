//! What an entry brings to an account that is there.

use super::{Account, AccountEntry, Discrepancy};
use crate::identity::FullName;

impl Account {
    /// Fills from an entry what the account lacks, and tells how many fields that were; what stood
    /// first stays. A patronymic that nobody said yet is filled unless the names differ.
    ///
    /// `discrepancies` are those that [`place`](super::place) told of the two.
    ///
    /// ```
    /// use eschool_core::{id::{AccountId, PersonId, SchoolId}, people::AccountEntry};
    ///
    /// let entry: AccountEntry = serde_json::from_str(
    ///     r#"{"name": {"family": "Ёлкина", "given": "Анна"}, "phone": "8 912 345-67-89"}"#,
    /// )?;
    /// let id = uuid::Uuid::from_u128;
    /// let bare = AccountEntry { phone: None, ..entry.clone() };
    /// let mut account = bare.into_account(AccountId(id(2)), SchoolId(id(1)), PersonId(id(3)));
    /// assert_eq!(account.fill(&entry, &[]), 1);
    /// assert_eq!(account.fill(&entry, &[]), 0);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn fill(&mut self, entry: &AccountEntry, discrepancies: &[Discrepancy]) -> usize {
        let mut filled = 0;
        if !discrepancies.contains(&Discrepancy::Name)
            && let Some(name) = completed(&self.name, &entry.name)
        {
            self.name = name;
            filled += 1;
        }
        filled += usize::from(put(&mut self.birth_date, entry.birth_date.as_ref()));
        filled += usize::from(put(&mut self.snils, entry.snils.as_ref()));
        filled += usize::from(put(&mut self.phone, entry.phone.as_ref()));
        filled + usize::from(put(&mut self.email, entry.email.as_ref()))
    }
}

fn put<T: Clone>(field: &mut Option<T>, value: Option<&T>) -> bool {
    let fills = field.is_none() && value.is_some();
    if fills {
        *field = value.cloned();
    }
    fills
}

/// The name with the patronymic another spelling of it has, where nobody said it yet.
fn completed(name: &FullName, other: &FullName) -> Option<FullName> {
    let (ours, theirs) = (name.patronymic(), other.patronymic());
    if ours.is_known() || !theirs.is_known() {
        return None;
    }
    FullName::of_parts(name.family(), name.given(), theirs.clone()).ok()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;
    use crate::{
        id::{AccountId, PersonId, SchoolId},
        identity::Snils,
    };

    #[test]
    fn what_stood_first_stays_and_what_was_missing_comes() {
        let entry = |patronymic: Option<&str>, snils: &str, phone: &str| AccountEntry {
            name: FullName::new("Ёлкина", "Анна", patronymic).unwrap(),
            birth_date: None,
            snils: Snils::parse(snils).ok(),
            phone: phone.parse().ok(),
            email: None,
        };
        let id = uuid::Uuid::from_u128(1);
        let mut account =
            entry(None, "", "+79123456789").into_account(AccountId(id), SchoolId(id), PersonId(id));
        let other = entry(Some("Олеговна"), "112-233-445 95", "+79120000000");
        let mut unlike = account.clone();
        assert_eq!(unlike.fill(&other, &[Discrepancy::Name]), 1);
        assert!(!unlike.name.patronymic().is_known());
        assert_eq!(account.fill(&other, &[Discrepancy::Phone]), 2);
        assert_eq!(account.phone.unwrap().to_string(), "+79123456789");
        assert_eq!(account.snils, other.snils);
        assert!(account.name.patronymic().is_known());
    }
}
