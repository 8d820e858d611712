//! Tokens: signing in and out without a browser.

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{FromRequest as _, Request, State, rejection::JsonRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{
    id::{AccountId, SchoolId},
    identity::FullName,
    signin::{NextStep, Refusal, RefusalCode},
};
use eschool_store::{PasswordSignIn, SignInError};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Fault, RequestError, bearer::Bearer, oauth};
use crate::web::{App, Peer, pages::door};

/// Login and password of a registration card.
#[derive(Deserialize)]
pub(super) struct Credentials {
    login: String,
    password: Zeroizing<String>,
}

/// What a sign-in gives.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    token: String,
    expires_at: DateTime<Utc>,
    #[serde(flatten)]
    pupil: Option<Pupil>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_ends: Option<NaiveDate>,
}

/// Whose diary the token opens.
#[derive(Serialize)]
struct Pupil {
    school: SchoolId,
    pupil: AccountId,
    name: FullName,
}

/// A refusal with its texts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    code: RefusalCode,
    text_ru: String,
    text_en: String,
    next: Vec<Next>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<DateTime<Utc>>,
}

/// A next step with its texts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Next {
    code: NextStep,
    text_ru: &'static str,
    text_en: &'static str,
}

/// `POST /token`: by a form for an app, by JSON with login and password.
pub(super) async fn create(
    State(app): State<App>,
    Extension(Peer(source)): Extension<Peer>,
    request: Request,
) -> Result<Response, Fault> {
    if is_form(&request) {
        let body = Bytes::from_request(request, &app).await;
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Fault::of(&RequestError::BodyTooLarge),
            _ => Fault::of(&RequestError::BodyUnread),
        })?;
        return Ok(oauth::tokens(&app, &body).await.unwrap_or_else(IntoResponse::into_response));
    }
    let body = Json::<Credentials>::from_request(request, &app).await;
    let Json(Credentials { login, password }) =
        body.map_err(|rejection| Fault::of(&malformed(&rejection)))?;
    let request = PasswordSignIn { login, password, source: Some(source), device: None };
    let store = app.store();
    let signed_in = match store.sign_in_with_password(request).await {
        Ok(signed_in) => signed_in,
        Err(SignInError::Refused(refusal)) => return Ok(refused(refusal, app.now())),
        Err(SignInError::Store(error)) => return Err(error.into()),
    };
    let session = signed_in.session;
    let pupil = match session.pupil() {
        Some((school, pupil)) => {
            let name = store.pupil_profile(&session, school, pupil).await?.name;
            Some(Pupil { school, pupil, name })
        }
        None => None,
    };
    let granted = Granted {
        token: signed_in.token.to_text().to_string(),
        expires_at: session.expires_at,
        pupil,
        password_ends: session.password_ends,
    };
    Ok(Json(granted).into_response())
}

/// Whether it is a form, as RFC 6749 wants it.
fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// `DELETE /token`.
pub(super) async fn delete(
    State(app): State<App>,
    Bearer(token): Bearer,
) -> Result<StatusCode, Fault> {
    app.store().sign_out(&token).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn malformed(rejection: &JsonRejection) -> RequestError {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => RequestError::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => RequestError::JsonExpected,
        _ => RequestError::JsonMalformed,
    }
}

fn refused(refusal: Refusal, now: DateTime<Utc>) -> Response {
    let status = door::status(&refusal.code);
    let wait = refusal.until.map(|until| (until - now).num_seconds().max(1));
    let body = Refused {
        text_ru: refusal.text_ru(),
        text_en: refusal.text_en(),
        next: refusal
            .next
            .into_iter()
            .map(|code| Next { text_ru: code.text_ru(), text_en: code.text_en(), code })
            .collect(),
        until: refusal.until,
        code: refusal.code,
    };
    let answer = (status, Json(body));
    match wait {
        Some(seconds) => ([(header::RETRY_AFTER, seconds.to_string())], answer).into_response(),
        None => answer.into_response(),
    }
}
