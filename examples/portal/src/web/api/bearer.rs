//! `Authorization: Bearer …`.

use axum::{
    extract::{FromRequestParts, Query},
    http::{header, request::Parts},
};
use eschool_core::{
    access::AccessError,
    id::{AccountId, SchoolId},
};
use eschool_store::{
    Session,
    secret::{SessionToken, TokenError},
};

use super::{Fault, RequestError};
use crate::web::{
    App,
    signed::{Asked, school_of},
};

/// A token of the right form, whether it opens anything or not.
pub(super) struct Bearer(pub(super) String);

/// Somebody who holds a token and reads a diary: their own, or the one they asked for.
pub(super) struct Caller {
    /// The session.
    pub(super) session: Session,
    /// The pupil's school.
    pub(super) school: SchoolId,
    /// The pupil.
    pub(super) pupil: AccountId,
}

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let text = parts.headers.get(header::AUTHORIZATION).and_then(|text| text.to_str().ok());
        let token = text.and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let token = token.ok_or_else(|| Fault::unauthorized(&TokenError::Malformed))?;
        SessionToken::parse(token).map_err(|error| Fault::unauthorized(&error))?;
        Ok(Self(token.into()))
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let Bearer(token) = Bearer::from_request_parts(parts, app).await?;
        let session = app.store().session(&token).await?;
        let asked = Query::<Asked>::try_from_uri(&parts.uri);
        let Query(Asked { pupil }) = asked.map_err(|_| Fault::of(&RequestError::QueryMalformed))?;
        let found = match pupil {
            Some(pupil) => school_of(app, &session, pupil).await?.map(|school| (school, pupil)),
            None => session.pupil(),
        };
        let (school, pupil) = found.ok_or_else(|| Fault::forbidden(&AccessError::NotYours))?;
        Ok(Self { session, school, pupil })
    }
}
