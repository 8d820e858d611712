//! «Устройства»: which apps somebody let in, and how they are put out.

use askama::Template;
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use eschool_core::id::AppGrantId;
use eschool_store::{AppDevice, RevokeError};
use serde::Deserialize;

use super::Frame;
use crate::{
    view::{date, who::home},
    web::{
        App,
        problem::{Problem, render},
        signed::Visitor,
    },
};

#[derive(Template)]
#[template(path = "devices.html")]
struct Page {
    frame: Frame,
    /// What the way back is called.
    home: &'static str,
    devices: Vec<Line>,
}

/// One of them.
struct Line {
    id: String,
    name: String,
    app: String,
    granted: String,
    used: String,
}

/// Which one is put out.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    device: AppGrantId,
}

/// `GET /devices`.
pub(crate) async fn show(State(app): State<App>, Visitor { session, .. }: Visitor) -> Response {
    let devices = match app.store().devices_of(&session).await {
        Ok(devices) => devices,
        Err(error) => return Problem::of_store(&error).into_response(),
    };
    let line = |device: AppDevice| Line {
        id: device.id.to_string(),
        name: device.device.map_or_else(|| "Устройство без названия".into(), String::from),
        app: device.app,
        granted: date::moment_year(device.granted_at, app.zone()),
        used: date::moment_year(device.used_at, app.zone()),
    };
    let page = Page {
        frame: Frame::of(&app, "Устройства"),
        home: home(&session).unwrap_or("Дневник"),
        devices: devices.into_iter().map(line).collect(),
    };
    render(StatusCode::OK, &page)
}

/// `POST /devices`: puts one out. One that is out already stays out.
pub(crate) async fn revoke(
    State(app): State<App>,
    Visitor { session, .. }: Visitor,
    form: Result<Form<Chosen>, FormRejection>,
) -> Response {
    let Ok(Form(Chosen { device })) = form else { return Problem::form().into_response() };
    match app.store().revoke_device(&session, device).await {
        Ok(()) | Err(RevokeError::Unknown) => Redirect::to("/devices").into_response(),
        Err(RevokeError::Store(error)) => Problem::of_store(&error).into_response(),
    }
}
