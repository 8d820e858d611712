//! `GET /week`: a week of the diary.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use eschool_core::identity::{DateError, parse_date};
use serde::Deserialize;

use super::Frame;
use crate::{
    view::{
        week::{Block, WeekView},
        who::Who,
    },
    web::{
        App,
        problem::{Problem, render},
        signed::Reader,
    },
};

#[derive(Template)]
#[template(path = "week.html")]
struct Page {
    frame: Frame,
    who: Who,
    week: WeekView,
}

/// Which week.
#[derive(Deserialize)]
pub(crate) struct Asked {
    from: Option<String>,
}

/// The week that holds a day; this week if none is asked for.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    query: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Ok(Query(Asked { from })) = query else { return Problem::query().into_response() };
    let day = match from.as_deref().map(parse_date) {
        Some(Ok(day)) => Some(day),
        // the field of the form was left empty
        None | Some(Err(DateError::Missing)) => None,
        Some(Err(error)) => return Problem::date(&error).into_response(),
    };
    match page(&app, &reader, day).await {
        Ok(page) => render(StatusCode::OK, &page),
        Err(problem) => problem.into_response(),
    }
}

async fn page(
    app: &App,
    Reader { session, school, pupil }: &Reader,
    day: Option<chrono::NaiveDate>,
) -> Result<Page, Problem> {
    let week = app.store().week(session, *school, *pupil, day).await;
    let (profile, diary) = week.map_err(|error| Problem::of_diary(&error))?;
    let week = WeekView::of(diary, profile.today);
    Ok(Page {
        frame: Frame::of(app, format!("Неделя {}", week.title)),
        who: Who::of(&profile, session),
        week,
    })
}
