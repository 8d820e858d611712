//! What a person let in, and how it is taken back.

use chrono::{DateTime, Utc};
use eschool_core::{error::CodedError, id::AppGrantId, signin::DeviceName};
use serde::Serialize;
use thiserror::Error;

use crate::{
    backend::{AppGrantRow, Backend, BackendError, Changes, Turn},
    store::{Session, Store, StoreError, sign_in::commit},
};

/// An app on a device that a person let in.
///
/// ```
/// use eschool_store::AppDevice;
///
/// fn line(device: &AppDevice) -> String {
///     let name = device.device.as_ref().map_or("без названия", |name| name.as_str());
///     format!("{} – {name}", device.app)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppDevice {
    /// By what it is taken back.
    pub id: AppGrantId,
    /// The app, as it is registered.
    pub app: String,
    /// What the app called the device, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceName>,
    /// When it was let in.
    pub granted_at: DateTime<Utc>,
    /// When it last got tokens: between two times are fifteen minutes at most while it is used.
    pub used_at: DateTime<Utc>,
    /// When its access ends, unless it is used before.
    pub expires_at: DateTime<Utc>,
}

impl From<AppGrantRow> for AppDevice {
    fn from(row: AppGrantRow) -> Self {
        Self {
            id: row.id,
            app: row.client,
            device: row.device,
            granted_at: row.created_at,
            used_at: row.used_at,
            expires_at: row.expires_at,
        }
    }
}

/// Why an app was not put out.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::RevokeError;
///
/// assert_eq!(RevokeError::Unknown.code(), "device_unknown");
/// ```
#[derive(Debug, Error)]
pub enum RevokeError {
    /// It is none of the person's, or is out already.
    #[error("there is no such device of yours")]
    Unknown,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for RevokeError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for RevokeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "device_unknown",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Unknown => "Такого устройства среди ваших нет. Возможно, доступ уже отозван",
            Self::Store(error) => error.text_ru(),
        }
    }
}

impl<B: Backend> Store<B> {
    /// The apps on devices that the person of a session let in, those used last first.
    ///
    /// ```
    /// use eschool_store::{AppDevice, Session, Store, StoreError, backend::Backend};
    ///
    /// async fn list<B: Backend>(
    ///     store: &Store<B>, session: &Session,
    /// ) -> Result<Vec<AppDevice>, StoreError> {
    ///     store.devices_of(session).await
    /// }
    /// ```
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn devices_of(&self, session: &Session) -> Result<Vec<AppDevice>, StoreError> {
        let now = self.inner.ambient.now();
        let rows = self.read().await?.app_grants_of(session.person).await?.into_iter();
        // One whose code still waits is not in.
        let rows = rows.filter(|row| row.refresh.is_some() && now < row.expires_at);
        let mut devices: Vec<_> = rows.map(AppDevice::from).collect();
        devices.sort_by_key(|device| (std::cmp::Reverse(device.used_at), device.id));
        Ok(devices)
    }

    /// Puts an app on a device out: its tokens are worth nothing from now on.
    ///
    /// ```
    /// use eschool_core::id::AppGrantId;
    /// use eschool_store::{RevokeError, Session, Store, backend::Backend};
    ///
    /// async fn lost<B: Backend>(
    ///     store: &Store<B>, session: &Session, phone: AppGrantId,
    /// ) -> Result<(), RevokeError> {
    ///     store.revoke_device(session, phone).await
    /// }
    /// ```
    ///
    /// # Errors
    /// [`RevokeError::Unknown`] for one that is none of this person's.
    pub async fn revoke_device(
        &self,
        session: &Session,
        device: AppGrantId,
    ) -> Result<(), RevokeError> {
        let mut tx = self.write_in(&[Turn::App(device)]).await?;
        let row = tx.app_grant(session.person, device).await?.ok_or(RevokeError::Unknown)?;
        let audit = vec![self.app_entry(&row, "revoked")];
        let ended_grants = vec![(row.person, row.id)];
        Ok(commit(tx, Changes { ended_grants, audit, ..Changes::default() }).await?)
    }
}
