//! `GET /idp/ext/Logout`: signs out of the emulator, as «Войти другим пользователем» asks for.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use url::Url;

use super::{
    cookie::{Cookie, SetCookie},
    go, page,
};
use crate::emulator::{Emulator, check, fault::Fault, parameters::Parameters};

/// Signs out and goes back to the client, or says why not.
pub(super) async fn logout(
    State(emulator): State<Emulator>,
    Cookie(cookie): Cookie,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    match judge(&emulator, &parameters) {
        Ok(back) => {
            emulator.sign_out(cookie.as_deref());
            (SetCookie(None), go(StatusCode::FOUND, &back)).into_response()
        }
        Err(fault) => {
            emulator.refused("/idp/ext/Logout", &parameters, &fault);
            page::fault(&fault)
        }
    }
}

fn judge(emulator: &Emulator, parameters: &Parameters) -> Result<Url, Fault> {
    let client = check::client(emulator, parameters)?;
    check::redirect(client, parameters, "redirect_url")
}
