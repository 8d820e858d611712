//! The diary, exactly as the core composes it.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use chrono::NaiveDate;
use eschool_core::{
    calendar::{DateRange, Term},
    diary::{Diary, TermSummary},
    identity::parse_date,
};
use serde::Deserialize;

use super::{Fault, RequestError, bearer::Caller};
use crate::web::App;

/// Which days.
#[derive(Deserialize)]
pub(super) struct Days {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// Which term.
#[derive(Deserialize)]
pub(super) struct TermName {
    name: Option<String>,
}

/// `GET /diary?from&to`.
pub(super) async fn diary(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<Days>, QueryRejection>,
) -> Result<Json<Diary>, Fault> {
    let Query(days) = query.map_err(|_| Fault::of(&RequestError::QueryMalformed))?;
    let range = DateRange::new(date(&days.from, "from")?, date(&days.to, "to")?)
        .map_err(|error| Fault::range(&error))?;
    let Caller { session, school, pupil } = caller;
    Ok(Json(app.store().diary(&session, school, pupil, range).await?))
}

fn date(text: &str, field: &'static str) -> Result<NaiveDate, Fault> {
    parse_date(text).map_err(|error| Fault::field(&error, field))
}

/// `GET /terms`.
pub(super) async fn terms(
    State(app): State<App>,
    Caller { session, school, pupil }: Caller,
) -> Result<Json<Vec<Term>>, Fault> {
    Ok(Json(app.store().pupil_profile(&session, school, pupil).await?.terms))
}

/// `GET /term?name`.
pub(super) async fn term(
    State(app): State<App>,
    Caller { session, school, pupil }: Caller,
    query: Result<Query<TermName>, QueryRejection>,
) -> Result<Json<TermSummary>, Fault> {
    let Query(TermName { name }) = query.map_err(|_| Fault::of(&RequestError::QueryMalformed))?;
    Ok(Json(app.store().term(&session, school, pupil, name.as_deref()).await?))
}
