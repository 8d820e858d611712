//! Accounts between the core, where they can be read, and a backend, where they are sealed.

use eschool_core::{
    identity::{Email, MobilePhone, Snils},
    people::Account,
};

use super::{Store, StoreError, places::of_account};
use crate::{
    backend::{Backend, BackendError, Claim, StoredAccount},
    secret::{ClaimKind, KeyHash, Sealed},
};

impl<B: Backend> Store<B> {
    /// The account with what was sealed opened.
    pub(super) fn open_account(&self, stored: &StoredAccount) -> Result<Account, StoreError> {
        Ok(Account {
            id: stored.id,
            school: stored.school,
            person: stored.person,
            name: stored.name.clone(),
            birth_date: stored.birth_date,
            snils: self.open::<Snils>(stored, "snils", stored.snils.as_ref())?,
            phone: self.open::<MobilePhone>(stored, "phone", stored.phone.as_ref())?,
            email: self.open::<Email>(stored, "email", stored.email.as_ref())?,
        })
    }

    fn open<T: std::str::FromStr>(
        &self,
        stored: &StoredAccount,
        column: &'static str,
        sealed: Option<&Sealed>,
    ) -> Result<Option<T>, StoreError> {
        let Some(sealed) = sealed else { return Ok(None) };
        let place = of_account(stored.school, stored.id, column);
        let opened = self.inner.vault.open(&place, sealed)?;
        let value = std::str::from_utf8(&opened).ok().and_then(|text| text.parse().ok());
        value.map(Some).ok_or(StoreError::Backend(BackendError::Corrupt(column)))
    }

    pub(super) fn login_key(&self, login: &str) -> KeyHash {
        self.inner.vault.lookup(ClaimKind::Login, login)
    }
}

/// What only somebody who writes or looks up accounts needs.
impl<B: Backend> Store<B> {
    /// The account as a backend keeps it, and the keys it is found by.
    pub(super) fn seal_account(
        &self,
        account: &Account,
    ) -> Result<(StoredAccount, Vec<Claim>), StoreError> {
        let place = |column| of_account(account.school, account.id, column);
        let seal = |column, text: Option<String>| -> Result<Option<Sealed>, StoreError> {
            text.map(|text| {
                let nonce = self.inner.ambient.random();
                Ok(self.inner.vault.seal(&place(column), text.as_bytes(), nonce)?)
            })
            .transpose()
        };
        let stored = StoredAccount {
            id: account.id,
            school: account.school,
            person: account.person,
            name: account.name.clone(),
            birth_date: account.birth_date,
            snils: seal("snils", account.snils.map(|snils| snils.to_string()))?,
            phone: seal("phone", account.phone.map(|phone| phone.to_string()))?,
            email: seal("email", account.email.as_ref().map(ToString::to_string))?,
        };
        let keys = [
            account.snils.map(|snils| (ClaimKind::Snils, self.snils_key(snils))),
            account.phone.map(|phone| (ClaimKind::Phone, self.phone_key(phone))),
            account.email.as_ref().map(|email| (ClaimKind::Email, self.email_key(email))),
        ];
        let claims = keys
            .into_iter()
            .flatten()
            .map(|(kind, key)| Claim {
                key,
                kind,
                school: account.school,
                account: account.id,
                person: account.person,
            })
            .collect();
        Ok((stored, claims))
    }

    pub(super) fn snils_key(&self, snils: Snils) -> KeyHash {
        self.inner.vault.lookup(ClaimKind::Snils, &format!("{:011}", snils.digits()))
    }

    pub(super) fn phone_key(&self, phone: MobilePhone) -> KeyHash {
        self.inner.vault.lookup(ClaimKind::Phone, &phone.to_string())
    }

    pub(super) fn esia_key(&self, oid: &str) -> KeyHash {
        self.inner.vault.lookup(ClaimKind::EsiaId, oid)
    }

    pub(super) fn email_key(&self, email: &Email) -> KeyHash {
        self.inner.vault.lookup(ClaimKind::Email, &email.canonical())
    }
}
