//! `POST /aas/oauth2/v3/te` and the old `/aas/oauth2/te`: tokens.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::emulator::{
    Emulator, Interface, RefusalCode, fault::Fault, inject::Twist, parameters::Parameters,
    reason::ParameterReason,
};

const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Serialize)]
struct Refusal<'a> {
    error: &'static str,
    error_description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
}

/// At today's interface.
pub(super) async fn v3(
    State(emulator): State<Emulator>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    exchange(&emulator, Interface::V3, &headers, body)
}

/// At the old interface.
pub(super) async fn legacy(
    State(emulator): State<Emulator>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    exchange(&emulator, Interface::Legacy, &headers, body)
}

/// Gives tokens, or says why not.
fn exchange(
    emulator: &Emulator,
    interface: Interface,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let endpoint = match interface {
        Interface::V3 => "/aas/oauth2/v3/te",
        Interface::Legacy => "/aas/oauth2/te",
    };
    let parameters = match form(headers, body) {
        Ok(parameters) => parameters,
        Err(reason) => {
            let fault = Fault::new(RefusalCode::PARAMETER, reason);
            emulator.refused_client(endpoint, None, &fault);
            return refused(&fault, None);
        }
    };
    match emulator.exchange(interface, &parameters) {
        Ok(tokens) if Twist::now().state_twice => {
            let other = emulator.settings().ambient.uuid().to_string();
            with_second_state(&json_text(&tokens), &other)
        }
        Ok(tokens) => Json(tokens).into_response(),
        Err(fault) => {
            emulator.refused(endpoint, &parameters, &fault);
            refused(&fault, parameters.once("state").ok().flatten())
        }
    }
}

fn form(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Parameters, ParameterReason> {
    let body = body.map_err(|_| ParameterReason::BodyBroken)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    if kind.trim().eq_ignore_ascii_case(FORM) {
        Ok(Parameters::parse(&body))
    } else {
        Err(ParameterReason::BodyKind)
    }
}

fn json_text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// An object with `state` in it a second time, which no map can hold.
fn with_second_state(object: &str, state: &str) -> Response {
    let fields = object.strip_suffix('}').unwrap_or(object);
    let text = format!("{fields},\"state\":\"{state}\"}}");
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn refused(fault: &Fault, state: Option<&str>) -> Response {
    let (error, error_description) = (fault.code.error(), fault.code.description());
    (StatusCode::BAD_REQUEST, Json(Refusal { error, error_description, state })).into_response()
}
