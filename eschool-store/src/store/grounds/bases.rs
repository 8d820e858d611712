//! Papers on which somebody's data are kept.

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, SchoolId},
    people::DataBasis,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::GroundError;
use crate::{
    backend::{Backend, BackendError, Changes, DataBasisRow, Turn, Tx},
    store::{Session, Store, StoreError, parents::RegistryDesk, places::of_basis, sign_in::commit},
};

/// A ground that a school has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownBasis {
    /// Its identifier.
    pub id: Uuid,
    /// The ground.
    pub basis: DataBasis,
}

impl<B: Backend> Store<B> {
    /// Writes down on what ground the school keeps somebody's data, for who keeps the registry; of
    /// staff and pupils' own, as of anybody, by the account the ground names. One that is there
    /// already in the same words, and was neither withdrawn nor ended since, is that one.
    ///
    /// # Errors
    /// [`GroundError::Basis`] if it cannot stand, others as the type tells.
    pub async fn add_basis(
        &self,
        session: &Session,
        school: SchoolId,
        basis: DataBasis,
    ) -> Result<KnownBasis, GroundError> {
        basis.validate()?;
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
        desk.may_write(basis.account)?;
        desk.stored(basis.account).ok_or(GroundError::NotFound)?;
        let rows = tx.data_bases(school, &[basis.account]).await?;
        let mut there = rows.iter().filter_map(|row| self.open_basis(school, row).ok());
        if let Some(known) = there.find(|known| known.basis == basis) {
            return Ok(known);
        }
        let known = KnownBasis { id: self.inner.ambient.new_id(), basis };
        let changes = Changes {
            data_bases: vec![(school, self.seal_basis(school, &known)?)],
            audit: vec![desk.entry("basis", "added", known.basis.account)],
            ..Changes::default()
        };
        commit(tx, changes).await?;
        Ok(known)
    }

    /// Withdraws a ground that is a consent, or sets the last day of another: from the day on it no
    /// longer holds. One that was withdrawn, or ends, before stays as it was. For who keeps the
    /// registry.
    ///
    /// # Errors
    /// [`GroundError::NotFound`] for a ground the account does not have.
    pub async fn end_basis(
        &self,
        session: &Session,
        school: SchoolId,
        account: AccountId,
        id: Uuid,
        from: NaiveDate,
    ) -> Result<DataBasis, GroundError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
        desk.may_write(account)?;
        let known = self.known_bases(&mut *tx, school, account).await?;
        let mut known = known.into_iter().find(|known| known.id == id);
        let known = known.as_mut().ok_or(GroundError::NotFound)?;
        let before = known.basis.clone();
        known.basis.end(from)?;
        if known.basis == before {
            return Ok(before);
        }
        let changes = Changes {
            data_bases: vec![(school, self.seal_basis(school, known)?)],
            audit: vec![desk.entry("basis", "ended", account)],
            ..Changes::default()
        };
        commit(tx, changes).await?;
        Ok(known.basis.clone())
    }

    /// The grounds on which a school keeps an account's data, former ones too, for who keeps the
    /// registry; the look is audited.
    ///
    /// # Errors
    /// [`GroundError::Access`] for anybody else.
    pub async fn data_bases(
        &self,
        session: &Session,
        school: SchoolId,
        account: AccountId,
    ) -> Result<Vec<KnownBasis>, GroundError> {
        let mut tx = self.read().await?;
        let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
        desk.may_write(account)?;
        let known = self.known_bases(&mut *tx, school, account).await?;
        drop(tx);
        self.note(vec![desk.entry("bases_read", "done", account)]).await?;
        Ok(known)
    }

    pub(in crate::store) async fn known_bases(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        account: AccountId,
    ) -> Result<Vec<KnownBasis>, StoreError> {
        let rows = tx.data_bases(school, &[account]).await?;
        rows.iter().map(|row| self.open_basis(school, row)).collect()
    }

    pub(in crate::store) fn open_basis(
        &self,
        school: SchoolId,
        row: &DataBasisRow,
    ) -> Result<KnownBasis, StoreError> {
        let opened = self.inner.vault.open(&of_basis(school, row.account, row.id), &row.basis)?;
        let basis = serde_json::from_slice(&opened);
        let basis = basis.map_err(|_| BackendError::Corrupt("ground"))?;
        Ok(KnownBasis { id: row.id, basis })
    }

    fn seal_basis(&self, school: SchoolId, known: &KnownBasis) -> Result<DataBasisRow, StoreError> {
        let text = serde_json::to_vec(&known.basis).map(Zeroizing::new);
        let text = text.map_err(|_| BackendError::Corrupt("ground to write"))?;
        let account = known.basis.account;
        let nonce = self.inner.ambient.random();
        let basis = self.inner.vault.seal(&of_basis(school, account, known.id), &text, nonce)?;
        Ok(DataBasisRow { id: known.id, account, basis })
    }
}
