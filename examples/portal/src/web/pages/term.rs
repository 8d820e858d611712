//! `GET /term`: a term of the diary.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use eschool_store::DiaryError;
use serde::Deserialize;

use super::Frame;
use crate::{
    view::{term::TermView, who::Who},
    web::{
        App,
        problem::{Problem, render},
        signed::Reader,
    },
};

#[derive(Template)]
#[template(path = "term.html")]
struct Page {
    frame: Frame,
    who: Who,
    /// None where the school has named no terms yet.
    term: Option<TermView>,
}

/// Which term.
#[derive(Deserialize)]
pub(crate) struct Asked {
    name: Option<String>,
}

/// A term by its name; that of today if none is asked for.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    query: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Ok(Query(Asked { name })) = query else { return Problem::query().into_response() };
    match page(&app, &reader, name.as_deref()).await {
        Ok(page) => render(StatusCode::OK, &page),
        Err(error) => Problem::of_diary(&error).into_response(),
    }
}

async fn page(
    app: &App,
    Reader { session, school, pupil }: &Reader,
    name: Option<&str>,
) -> Result<Page, DiaryError> {
    let store = app.store();
    let profile = store.pupil_profile(session, *school, *pupil).await?;
    let zone = profile.school.time_zone.parse().unwrap_or(app.zone());
    let term = if profile.terms.is_empty() && name.is_none() {
        None
    } else {
        let summary = store.term(session, *school, *pupil, name).await?;
        Some(TermView::of(summary, &profile.terms, zone))
    };
    Ok(Page {
        frame: Frame::of(app, term.as_ref().map_or("Учебный период", |term| term.name.as_str())),
        who: Who::of(&profile, session),
        term,
    })
}
