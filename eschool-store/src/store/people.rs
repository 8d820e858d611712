//! Accounts between the core, where they can be read, and a backend, where they are sealed.

use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    identity::{Email, MobilePhone, Snils},
    people::Account,
};

use super::{
    Store, StoreError,
    places::{of_account, of_claim},
};
use crate::{
    backend::{Backend, BackendError, Claim, Credential, StoredAccount, Turn, Tx},
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
            snils: self.open_snils(stored)?,
            phone: self.open::<MobilePhone>(stored, "phone", stored.phone.as_ref())?,
            email: self.open::<Email>(stored, "email", stored.email.as_ref())?,
        })
    }

    /// The account's СНИЛС alone.
    pub(super) fn open_snils(&self, stored: &StoredAccount) -> Result<Option<Snils>, StoreError> {
        self.open::<Snils>(stored, "snils", stored.snils.as_ref())
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

    /// What a login is written to be found by.
    pub(super) fn login_key(&self, login: &str) -> KeyHash {
        self.inner.vault.lookup(ClaimKind::Login, login)
    }

    /// Everything by which a login may be found.
    pub(super) fn login_keys(&self, login: &str) -> Vec<KeyHash> {
        self.inner.vault.lookups(ClaimKind::Login, login)
    }

    /// The turns of who decides by the card of a login.
    pub(super) fn login_turns(&self, login: &str) -> Vec<Turn> {
        self.login_keys(login).into_iter().map(Turn::Key).collect()
    }

    /// The card with this login, whatever it is found by: every hash is asked for, by who has the
    /// turns of them all or only looks.
    pub(super) async fn card_of(
        &self,
        tx: &mut dyn Tx,
        login: &str,
    ) -> Result<Option<Credential>, BackendError> {
        let mut found = None;
        for key in self.login_keys(login) {
            let card = tx.credential(&key).await?;
            found = found.or(card);
        }
        Ok(found)
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
        Ok((stored, self.typed_claims(account)))
    }

    /// What an account claims by what was typed for it.
    pub(super) fn typed_claims(&self, account: &Account) -> Vec<Claim> {
        let keys = [
            account.snils.map(|snils| (ClaimKind::Snils, self.snils_key(snils))),
            account.phone.map(|phone| (ClaimKind::Phone, self.phone_key(phone))),
            account.email.as_ref().map(|email| (ClaimKind::Email, self.email_key(email))),
        ];
        let claim = |(kind, key)| Claim {
            key,
            kind,
            school: account.school,
            account: account.id,
            person: account.person,
            sealed: None,
        };
        keys.into_iter().flatten().map(claim).collect()
    }

    /// That an account is the one of a number at ЕСИА.
    pub(super) fn esia_claim(
        &self,
        oid: &str,
        (school, account): (SchoolId, AccountId),
        person: PersonId,
    ) -> Result<Claim, StoreError> {
        let (key, kind) = (self.esia_key(oid), ClaimKind::EsiaId);
        let place = of_claim(&key, kind, school, account);
        let sealed = self.inner.vault.seal(&place, oid.as_bytes(), self.inner.ambient.random())?;
        Ok(Claim { key, kind, school, account, person, sealed: Some(sealed) })
    }

    /// What a claim is the hash of, where that is sealed beside it.
    pub(super) fn open_claim(&self, claim: &Claim) -> Result<Option<String>, StoreError> {
        let Some(sealed) = &claim.sealed else { return Ok(None) };
        let place = of_claim(&claim.key, claim.kind, claim.school, claim.account);
        let opened = self.inner.vault.open(&place, sealed)?;
        let value = std::str::from_utf8(&opened).map_err(|_| BackendError::Corrupt("claim"))?;
        Ok(Some(value.to_owned()))
    }

    /// Which account of a school holds a СНИЛС, by its claims; of several the first that was made.
    pub(super) fn holder_of_snils(&self, claims: &[Claim], snils: Snils) -> Option<AccountId> {
        let keys = self.snils_keys(snils);
        let held = |claim: &&Claim| claim.kind == ClaimKind::Snils && keys.contains(&claim.key);
        claims.iter().filter(held).map(|claim| claim.account).min()
    }

    // What is written to be found by, and everything by which it may be found.

    pub(super) fn snils_key(&self, snils: Snils) -> KeyHash {
        self.inner.vault.lookup(ClaimKind::Snils, &canonical(snils))
    }

    pub(super) fn snils_keys(&self, snils: Snils) -> Vec<KeyHash> {
        self.inner.vault.lookups(ClaimKind::Snils, &canonical(snils))
    }

    pub(super) fn phone_key(&self, phone: MobilePhone) -> KeyHash {
        self.inner.vault.lookup(ClaimKind::Phone, &phone.to_string())
    }

    pub(super) fn phone_keys(&self, phone: MobilePhone) -> Vec<KeyHash> {
        self.inner.vault.lookups(ClaimKind::Phone, &phone.to_string())
    }

    pub(super) fn esia_key(&self, oid: &str) -> KeyHash {
        self.inner.vault.lookup(ClaimKind::EsiaId, oid)
    }

    pub(super) fn esia_keys(&self, oid: &str) -> Vec<KeyHash> {
        self.inner.vault.lookups(ClaimKind::EsiaId, oid)
    }

    /// The turns of who decides by what is known of somebody at ЕСИА.
    pub(super) fn esia_turns(&self, oid: &str) -> Vec<Turn> {
        self.esia_keys(oid).into_iter().map(Turn::Key).collect()
    }

    pub(super) fn email_key(&self, email: &Email) -> KeyHash {
        self.inner.vault.lookup(ClaimKind::Email, &email.canonical())
    }

    pub(super) fn email_keys(&self, email: &Email) -> Vec<KeyHash> {
        self.inner.vault.lookups(ClaimKind::Email, &email.canonical())
    }
}

fn canonical(snils: Snils) -> String {
    format!("{:011}", snils.digits())
}
