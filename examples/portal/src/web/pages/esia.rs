//! The way to ЕСИА and back.
//!
//! What a sign-in needs when it comes back is kept in a cookie of its own, so windows do not mix
//! and only the browser in which it began can finish it.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::TimeDelta;
use eschool_core::{
    error::CodedError as _,
    signin::{EsiaPerson, RefusalCode},
};
use eschool_esia::client::{Attempt, Callback, EsiaError, Started};
use eschool_store::{AcceptError, InvitationError, SignInError, SignedIn};
use serde::Deserialize;

use super::{Frame, door};
use crate::web::{
    App,
    cookies::{Cookies, SetCookies},
    native::on_the_way,
    problem::{Problem, render},
};

/// What parts the attempt from the invitation it is for.
const BETWEEN: char = '~';

/// For how long a browser keeps an attempt; the client has a limit of its own.
const KEPT: TimeDelta = TimeDelta::minutes(15);

/// A sign-in through ЕСИА that failed before anybody was known.
#[derive(Template)]
#[template(path = "esia_failed.html")]
struct FailedPage {
    frame: Frame,
    text: &'static str,
    code: &'static str,
    /// The code of ЕСИА itself, as in `ESIA-007004`.
    esia_code: Option<String>,
    again: Again,
}

/// Who cannot be led out of ЕСИА from here.
#[derive(Template)]
#[template(path = "still_there.html")]
struct StillTherePage {
    frame: Frame,
    /// Where another person goes on.
    on: Option<&'static str>,
}

/// Where another sign-in begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// At the door.
    Door,
    /// At the invitation that it was for.
    Invitation,
}

impl Again {
    const fn of(invitation: Option<&str>) -> Self {
        if invitation.is_some() { Self::Invitation } else { Self::Door }
    }

    /// The page.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Door => "/esia",
            Self::Invitation => "/invitation",
        }
    }

    /// The same by way of ЕСИА's sign-out.
    pub(super) const fn leave(self) -> &'static str {
        match self {
            Self::Door => "/esia/leave?then=again",
            Self::Invitation => "/esia/leave?then=invitation",
        }
    }
}

/// That a request was led to the portal's own address already.
#[derive(Deserialize)]
pub(crate) struct Led {
    led: Option<String>,
}

/// `GET /esia`: leads to ЕСИА.
pub(crate) async fn start(
    State(app): State<App>,
    cookies: Cookies,
    headers: HeaderMap,
    query: Result<Query<Led>, QueryRejection>,
) -> Response {
    let Ok(Query(Led { led })) = query else { return Problem::query().into_response() };
    match elsewhere(&app, &headers, "/esia", led.as_deref()) {
        Some(redirect) => redirect,
        None => begin(&app, &cookies, None).await,
    }
}

/// The same page at the address that ЕСИА leads back to, where this is another: a cookie set at
/// one name of a host is not sent to the other. Who was led there already and is still elsewhere
/// stands before a proxy that does not tell the name.
pub(crate) fn elsewhere(
    app: &App,
    headers: &HeaderMap,
    path: &str,
    led: Option<&str>,
) -> Option<Response> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if app.esia().is_home(host) {
        return None;
    }
    Some(match led {
        Some(_) => Problem::host_untold().into_response(),
        None => {
            let mark = if path.contains('?') { '&' } else { '?' };
            Redirect::to(app.esia().own(&format!("{path}{mark}led=1")).as_str()).into_response()
        }
    })
}

/// Begins a sign-in, for an invitation or for none.
pub(super) async fn begin(app: &App, cookies: &Cookies, invitation: Option<&str>) -> Response {
    let Started { url, attempt } = match app.esia().client().start().await {
        Ok(started) => started,
        Err(error) => return failed(app, &error, Again::of(invitation)),
    };
    let kept = match invitation {
        Some(invitation) => format!("{}{BETWEEN}{invitation}", attempt.to_text()),
        None => attempt.to_text(),
    };
    let cookies = cookies.set_attempt(&name_of(&attempt.state().to_string()), &kept, KEPT);
    (SetCookies(cookies), Redirect::to(url.as_str())).into_response()
}

/// `GET /esia/callback`: ЕСИА leads back.
pub(crate) async fn finish(State(app): State<App>, cookies: Cookies, uri: Uri) -> Response {
    let callback = match Callback::parse(uri.query().unwrap_or_default()) {
        Ok(callback) => callback,
        Err(error) => return failed(&app, &error, Again::Door),
    };
    let name = name_of(callback.state());
    let Some(kept) = cookies.attempt(&name) else {
        return failed(&app, &EsiaError::AttemptMissing, Again::Door);
    };
    let (attempt, invitation) = match kept.split_once(BETWEEN) {
        Some((attempt, invitation)) => (attempt, Some(invitation)),
        None => (kept, None),
    };
    let person = match Attempt::parse(attempt) {
        Ok(attempt) => app.esia().client().finish(&attempt, &callback).await,
        Err(error) => Err(error),
    };
    let answer = match person {
        Ok(person) => sign_in(&app, &cookies, person, invitation).await,
        Err(error) => failed(&app, &error, Again::of(invitation)),
    };
    (cookies.clear_attempt(&name), answer).into_response()
}

async fn sign_in(
    app: &App,
    cookies: &Cookies,
    person: EsiaPerson,
    invitation: Option<&str>,
) -> Response {
    let outcome = match invitation {
        None => app.store().sign_in_with_esia(person).await,
        Some(token) => match app.store().accept_invitation(token, person).await {
            Ok(signed_in) => Ok(signed_in),
            Err(AcceptError::Refused(refusal)) => Err(SignInError::Refused(refusal)),
            Err(AcceptError::Store(error)) => Err(SignInError::Store(error)),
            Err(AcceptError::Ended) => {
                return Problem::of_invitation(&InvitationError::Ended).into_response();
            }
        },
    };
    match outcome {
        Ok(signed_in) => {
            let on = match invitation {
                Some(_) => "/home".into(),
                None => on_the_way(cookies, "/home"),
            };
            let_in(app, cookies, &signed_in, &on).await
        }
        Err(SignInError::Refused(refusal)) => {
            let again = Again::of(invitation);
            (cookies.set_at_esia(), door::refused_at_esia(app, &refusal, again)).into_response()
        }
        Err(SignInError::Store(error)) => Problem::of_store(&error).into_response(),
    }
}

async fn let_in(app: &App, cookies: &Cookies, signed_in: &SignedIn, on: &str) -> Response {
    // whoever was signed in on this device before is not any more
    if let Some(former) = &cookies.session
        && let Err(error) = app.store().sign_out(former).await
    {
        return Problem::of_store(&error).into_response();
    }
    let lasts = signed_in.session.expires_at - app.now();
    (
        cookies.set_session(&signed_in.token, lasts),
        cookies.set_at_esia(),
        cookies.clear_invitation(),
        Redirect::to(on),
    )
        .into_response()
}

/// Where to after ЕСИА's own sign-out.
#[derive(Deserialize)]
pub(crate) struct Leaving {
    then: Option<String>,
}

/// `GET /esia/leave`: signs out of ЕСИА, so that somebody else can sign in. Where no way out is known
/// the page says so, and leads on from there.
pub(crate) async fn leave(
    State(app): State<App>,
    cookies: Cookies,
    query: Result<Query<Leaving>, QueryRejection>,
) -> Response {
    let Ok(Query(Leaving { then })) = query else { return Problem::query().into_response() };
    let back = match then.as_deref() {
        Some("again") => Again::Door.path(),
        Some("invitation") => Again::Invitation.path(),
        _ => "/",
    };
    match app.esia().way_out(back).await {
        Some(out) => (cookies.clear_at_esia(), out).into_response(),
        None => {
            let frame = Frame::of(&app, "Выйдите и с другого портала");
            let on = (back != "/").then_some(back);
            render(StatusCode::OK, &StillTherePage { frame, on })
        }
    }
}

/// The page of a sign-in that failed on the way. The client has logged what it met itself.
fn failed(app: &App, error: &EsiaError, again: Again) -> Response {
    tracing::debug!(code = error.code(), "a sign-in through ЕСИА failed: {error}");
    let refusal = error.refusal();
    if refusal == RefusalCode::EsiaNotConfirmed {
        return door::refused_at_esia(app, &app.store().refusal(refusal), again);
    }
    let page = FailedPage {
        frame: Frame::of(app, "Вход через ЕСИА не удался"),
        text: error.text_ru(),
        code: error.code(),
        esia_code: match error {
            EsiaError::Refused { code } => code.map(|code| code.to_string()),
            _ => None,
        },
        again,
    };
    let status = match error {
        EsiaError::Denied => StatusCode::FORBIDDEN,
        EsiaError::StateMismatch
        | EsiaError::AttemptMissing
        | EsiaError::AttemptExpired
        | EsiaError::AttemptMalformed
        | EsiaError::CallbackAmbiguous
        | EsiaError::CallbackIncomplete
        | EsiaError::CallbackTooLong => StatusCode::BAD_REQUEST,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    render(status, &page)
}

/// The name by which a cookie is found: the beginning of the attempt's `state`.
fn name_of(state: &str) -> String {
    state.chars().filter(char::is_ascii_hexdigit).take(16).collect()
}
