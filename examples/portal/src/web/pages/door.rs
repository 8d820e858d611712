//! The pages before the diary: sign-in, a refusal, a forgotten password.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use eschool_core::{
    error::CodedError as _,
    signin::{Refusal, RefusalCode},
};
use eschool_store::SessionError;
use serde::Deserialize;

use super::{Frame, esia::Again};
use crate::{
    view::{
        refusal::{self, RefusalView, Step},
        who,
    },
    web::{
        App,
        cookies::Cookies,
        problem::{Problem, render},
    },
};

/// The sign-in page.
#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    /// «14,5 лет».
    threshold: String,
    /// What was typed as login; the password never comes back.
    login: String,
    refusal: Option<RefusalView>,
    /// Whether login and password are what is wrong.
    is_wrong: bool,
    note: Option<&'static str>,
}

/// A refusal that another attempt in the form would not mend.
#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    frame: Frame,
    refusal: RefusalView,
    /// The way on, by a button.
    way: Way,
}

/// What a refusal's page offers by buttons.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Back to the sign-in page.
    Back,
    /// ЕСИА: it is what to do next.
    ByEsia,
    /// Out of ЕСИА, which still knows who was refused and would bring the same person back at once.
    OutOfEsia(Again),
}

/// Whom to ask for a new password.
#[derive(Template)]
#[template(path = "forgotten.html")]
struct ForgottenPage {
    frame: Frame,
    threshold: String,
    helpers: Vec<Step>,
}

/// Why somebody was led to the sign-in page.
#[derive(Deserialize)]
pub(crate) struct Why {
    why: Option<String>,
}

/// `GET /`: the sign-in page; who is signed in is led to the diary.
pub(crate) async fn show(
    State(app): State<App>,
    cookies: Cookies,
    query: Result<Query<Why>, QueryRejection>,
) -> Response {
    let Ok(Query(Why { why })) = query else { return Problem::query().into_response() };
    let note = match why.as_deref() {
        None if cookies.asked_by_app.is_some() => {
            Some("Войдите, чтобы открыть приложению доступ к дневнику.")
        }
        Some("ended") => Some(SessionError::Ended.text_ru()),
        Some("left") => Some("Вы вышли из дневника."),
        Some("left_here") => Some(
            "Вы вышли из дневника, но не с портала, через который входили. На общем компьютере \
             выйдите и там или закройте браузер.",
        ),
        _ => None,
    };
    let Some(token) = &cookies.session else { return sign_in_page(&app, note) };
    match app.store().session(token).await {
        Ok(session) if session.app.is_none() => Redirect::to("/home").into_response(),
        Err(SessionError::Store(error)) => Problem::of_store(&error).into_response(),
        _ => (cookies.clear_session(), sign_in_page(&app, note)).into_response(),
    }
}

fn sign_in_page(app: &App, note: Option<&'static str>) -> Response {
    let page = SignInPage {
        frame: Frame::of(app, "Вход"),
        threshold: threshold(app),
        login: String::new(),
        refusal: None,
        is_wrong: false,
        note,
    };
    render(StatusCode::OK, &page)
}

/// A refused sign-in: above the form where another attempt may help, else on a page of its own.
pub(super) fn refused(app: &App, refusal: &Refusal, login: String) -> Response {
    let status = status(&refusal.code);
    let view = RefusalView::of(refusal, app.zone());
    let answer = match refusal.code {
        RefusalCode::WrongCredentials | RefusalCode::LockedUntil | RefusalCode::Busy => {
            let page = SignInPage {
                frame: Frame::of(app, "Войти не получилось"),
                threshold: threshold(app),
                login,
                refusal: Some(view),
                is_wrong: refusal.code == RefusalCode::WrongCredentials,
                note: None,
            };
            render(status, &page)
        }
        RefusalCode::UseEsia => refusal_page(app, refusal, view, Way::ByEsia),
        _ => refusal_page(app, refusal, view, Way::Back),
    };
    match refusal.until.map(|until| (until - app.now()).num_seconds().max(1)) {
        Some(seconds) => ([(header::RETRY_AFTER, seconds.to_string())], answer).into_response(),
        None => answer,
    }
}

/// A sign-in that was refused after ЕСИА said who it is.
pub(super) fn refused_at_esia(app: &App, refusal: &Refusal, again: Again) -> Response {
    let view = RefusalView::without_other(refusal, app.zone());
    refusal_page(app, refusal, view, Way::OutOfEsia(again))
}

fn refusal_page(app: &App, refusal: &Refusal, view: RefusalView, way: Way) -> Response {
    let page = RefusalPage {
        frame: Frame::of(app, "Войти не получилось"), refusal: view, way
    };
    render(status(&refusal.code), &page)
}

/// `GET /forgotten`: whom to ask for a new card.
pub(crate) async fn forgotten(State(app): State<App>) -> Response {
    let helpers = &app.store().policy().rules_on(app.today()).helpers;
    let page = ForgottenPage {
        frame: Frame::of(&app, "Забыли пароль?"),
        threshold: threshold(&app),
        helpers: helpers.iter().map(refusal::step).collect(),
    };
    render(StatusCode::OK, &page)
}

/// The age from which the policy demands ЕСИА.
fn threshold(app: &App) -> String {
    who::age(app.store().policy().rules_on(app.today()).threshold)
}

/// The status that fits a refusal.
pub(crate) fn status(code: &RefusalCode) -> StatusCode {
    match code {
        RefusalCode::WrongCredentials => StatusCode::UNAUTHORIZED,
        RefusalCode::LockedUntil => StatusCode::TOO_MANY_REQUESTS,
        RefusalCode::Busy | RefusalCode::EsiaUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::FORBIDDEN,
    }
}
