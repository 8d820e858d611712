//! «Мои дети»: whose diaries somebody may open, and what else they are.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use super::Frame;
use crate::{
    view::{
        home::{SchoolView, views},
        who::home,
    },
    web::{
        App,
        problem::{Problem, render},
        signed::Visitor,
    },
};

#[derive(Template)]
#[template(path = "children.html")]
struct Page {
    frame: Frame,
    /// Given and family name of who is signed in.
    name: String,
    schools: Vec<SchoolView>,
    may_switch: bool,
}

/// `GET /home`: leads to what somebody came for.
pub(crate) async fn lead(Visitor { session, .. }: Visitor) -> Redirect {
    Redirect::to(if session.must_choose() {
        "/school"
    } else if home(&session).is_none() {
        "/week"
    } else {
        "/children"
    })
}

/// `GET /children`.
pub(crate) async fn children(State(app): State<App>, Visitor { session, .. }: Visitor) -> Response {
    if session.must_choose() {
        return Redirect::to("/school").into_response();
    }
    let overview = match app.store().overview(&session).await {
        Ok(overview) => overview,
        Err(error) => return Problem::of_store(&error).into_response(),
    };
    let schools = views(overview.into_iter().filter(|school| school.is_open));
    let title = home(&session).unwrap_or("Мой дневник");
    let name = schools.first().map(|school| school.holder.clone()).unwrap_or_default();
    let frame = Frame::of(&app, title);
    render(StatusCode::OK, &Page { frame, name, schools, may_switch: session.choose })
}
