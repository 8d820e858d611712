//! `GET /aas/oauth2/v2/ac`: a client's system asks who somebody is.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{cookie::Cookie, go, page};
use crate::emulator::{Emulator, authorize::Refused, parameters::Parameters};

const ENDPOINT: &str = "v2/ac";

/// Refuses, lets somebody choose who they are, or goes on as who is signed in already.
pub(super) async fn authorize(
    State(emulator): State<Emulator>,
    Cookie(cookie): Cookie,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let request = match emulator.judge_sign_in(&parameters) {
        Ok(request) => request,
        Err(Refused::Here(fault)) => {
            fault.log(ENDPOINT);
            return page::fault(&fault);
        }
        Err(Refused::There { back, fault }) => {
            fault.log(ENDPOINT);
            return go(StatusCode::FOUND, &back);
        }
    };
    let signed_in = emulator.session(cookie.as_deref());
    match signed_in.and_then(|session| Some((session, emulator.person(session.oid)?))) {
        Some((session, person)) => match emulator.granted(request, session, person) {
            Ok(back) => go(StatusCode::FOUND, &back),
            Err(fault) => {
                fault.log(ENDPOINT);
                page::fault(&fault)
            }
        },
        None => {
            let name = emulator.keep_waiting(request);
            Redirect::to(&format!("/login/{name}")).into_response()
        }
    }
}
