//! `POST /sign-in`: login and password of a registration card.

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use eschool_store::{PasswordSignIn, SignInError};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::door;
use crate::web::{
    App, Peer,
    cookies::{Cookies, SetCookies},
    native::on_the_way,
    problem::Problem,
};

/// The form.
#[derive(Deserialize)]
pub(crate) struct Typed {
    login: String,
    password: Zeroizing<String>,
}

/// Signs in, or says why not.
pub(crate) async fn submit(
    State(app): State<App>,
    Extension(Peer(source)): Extension<Peer>,
    cookies: Cookies,
    form: Result<Form<Typed>, FormRejection>,
) -> Response {
    let Typed { login, password } = match form {
        Ok(Form(typed)) => typed,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Problem::too_large().into_response();
        }
        Err(_) => return Problem::form().into_response(),
    };
    let request = PasswordSignIn {
        login: login.clone(),
        password,
        source: Some(source),
        device: cookies.device.clone(),
    };
    let signed_in = match app.store().sign_in_with_password(request).await {
        Ok(signed_in) => signed_in,
        Err(SignInError::Refused(refusal)) => return door::refused(&app, &refusal, login),
        Err(SignInError::Store(error)) => return Problem::of_store(&error).into_response(),
    };
    // whoever was signed in on this device before is not any more
    if let Some(former) = &cookies.session
        && let Err(error) = app.store().sign_out(former).await
    {
        return Problem::of_store(&error).into_response();
    }
    let lasts = signed_in.session.expires_at - app.now();
    let device = signed_in.device.iter().map(|device| cookies.set_device(device)).collect();
    let session = cookies.set_session(&signed_in.token, lasts);
    let on = on_the_way(&cookies, "/week");
    (session, SetCookies(device), Redirect::to(&on)).into_response()
}
