//! The apps on devices that somebody let in.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use eschool_core::id::AppGrantId;
use eschool_store::{AppDevice, RevokeError};
use serde::Serialize;

use super::{Fault, bearer::Bearer};
use crate::web::App;

/// A device.
#[derive(Serialize)]
pub(super) struct Listed {
    #[serde(flatten)]
    device: AppDevice,
    /// Whether it is the one that asks.
    current: bool,
}

/// `GET /devices`.
pub(super) async fn list(
    State(app): State<App>,
    Bearer(token): Bearer,
) -> Result<Json<Vec<Listed>>, Fault> {
    let session = app.store().session(&token).await?;
    let devices = app.store().devices_of(&session).await?.into_iter();
    let listed = devices.map(|device| Listed { current: session.app == Some(device.id), device });
    Ok(Json(listed.collect()))
}

/// `DELETE /devices/{id}`.
pub(super) async fn revoke(
    State(app): State<App>,
    Bearer(token): Bearer,
    path: Result<Path<AppGrantId>, PathRejection>,
) -> Result<StatusCode, Fault> {
    let session = app.store().session(&token).await?;
    let Path(device) = path.map_err(|_| RevokeError::Unknown)?;
    app.store().revoke_device(&session, device).await?;
    Ok(StatusCode::NO_CONTENT)
}
