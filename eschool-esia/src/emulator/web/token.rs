//! `POST /aas/oauth2/v3/te`: tokens for a code.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::emulator::{
    Emulator,
    fault::{Code, Fault},
    parameters::Parameters,
};

const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Serialize)]
struct Refusal<'a> {
    error: &'static str,
    error_description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
}

/// Gives tokens, or says why not.
pub(super) async fn exchange(
    State(emulator): State<Emulator>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(body) = body else {
        let fault = Fault::new(Code::Parameter, "the body is too long or broke off");
        return refused(&fault, None);
    };
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case(FORM) {
        let fault = Fault::new(Code::Parameter, format!("the body is not `{FORM}`"));
        return refused(&fault, None);
    }
    let parameters = Parameters::parse(&body);
    match emulator.exchange(&parameters) {
        Ok(tokens) => Json(tokens).into_response(),
        Err(fault) => refused(&fault, parameters.once("state").ok().flatten()),
    }
}

fn refused(fault: &Fault, state: Option<&str>) -> Response {
    fault.log("v3/te");
    let status = match fault.code {
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let (error, error_description) = (fault.code.error(), fault.code.description());
    (status, Json(Refusal { error, error_description, state })).into_response()
}
