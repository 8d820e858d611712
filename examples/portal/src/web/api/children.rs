//! Whose diaries a parent may read.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, SchoolId},
    identity::FullName,
    journal::ClassName,
};
use serde::Serialize;

use super::{Fault, bearer::Bearer};
use crate::web::App;

/// A child.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Child {
    school: SchoolId,
    school_name: String,
    /// What `pupil=` names.
    pupil: AccountId,
    name: FullName,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<ClassName>,
    /// The last day on which the diary may be read, once it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<NaiveDate>,
}

/// `GET /children`: those of the schools that are open, read anew each time.
pub(super) async fn list(
    State(app): State<App>,
    Bearer(token): Bearer,
) -> Result<Json<Vec<Child>>, Fault> {
    let session = app.store().session(&token).await?;
    let mut listed = Vec::new();
    for school in app.store().overview(&session).await? {
        if !school.is_open {
            continue;
        }
        listed.extend(school.children.into_iter().map(|child| Child {
            school: school.school.id,
            school_name: school.school.name.clone(),
            pupil: child.account,
            name: child.name,
            class: child.class,
            until: child.until,
        }));
    }
    Ok(Json(listed))
}
