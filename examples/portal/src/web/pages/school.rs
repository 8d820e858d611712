//! `/school`: the choice of a school, where the policy keeps a person's schools apart.

use askama::Template;
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use eschool_core::id::AccountId;
use eschool_store::SessionError;
use serde::Deserialize;

use super::Frame;
use crate::{
    view::home::{SchoolView, views},
    web::{
        App,
        cookies::Cookies,
        native::on_the_way,
        problem::{Problem, render},
        signed::Visitor,
    },
};

#[derive(Template)]
#[template(path = "school.html")]
struct Page {
    frame: Frame,
    schools: Vec<SchoolView>,
}

/// Which account.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    account: AccountId,
}

/// Lists the schools.
pub(crate) async fn show(State(app): State<App>, Visitor { session, .. }: Visitor) -> Response {
    if !session.choose {
        return Redirect::to("/home").into_response();
    }
    match app.store().overview(&session).await {
        Ok(overview) => {
            let (frame, schools) = (Frame::of(&app, "Выберите школу"), views(overview));
            render(StatusCode::OK, &Page { frame, schools })
        }
        Err(error) => Problem::of_store(&error).into_response(),
    }
}

/// Opens one of them.
pub(crate) async fn choose(
    State(app): State<App>,
    Visitor { token, .. }: Visitor,
    cookies: Cookies,
    form: Result<Form<Chosen>, FormRejection>,
) -> Response {
    let Ok(Form(Chosen { account })) = form else { return Problem::form().into_response() };
    match app.store().choose_account(&token, account).await {
        Ok(_) => Redirect::to(&on_the_way(&cookies, "/home")).into_response(),
        Err(SessionError::Store(error)) => Problem::of_store(&error).into_response(),
        Err(SessionError::Ended) => Redirect::to("/?why=ended").into_response(),
        Err(SessionError::NotGranted) => Problem::no_diary().into_response(),
    }
}
