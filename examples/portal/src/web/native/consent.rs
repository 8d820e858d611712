//! The person agrees that an app reads the diary, or does not.

use askama::Template;
use axum::{
    Form,
    extract::{RawQuery, State, rejection::FormRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use eschool_store::{AppGrantError, Session, SessionError};
use serde::Deserialize;

use super::{
    leading::{Refused, lead, target},
    request::{AUTHORIZE, Asked, NotAsked},
};
use crate::{
    view::home::views,
    web::{
        App,
        cookies::Cookies,
        guard,
        pages::{Frame, esia},
        problem::{Problem, render},
    },
};

#[derive(Template)]
#[template(path = "consent.html")]
struct Page {
    frame: Frame,
    app: String,
    device: Option<String>,
    /// Who is signed in.
    name: String,
    /// Whose diaries the app gets: the schools that stand open.
    schools: Vec<String>,
    /// Whether another school may be chosen.
    may_switch: bool,
    /// What the app asked for, to be asked again with the decision.
    request: String,
    who: String,
}

/// What is decided, by whom, about what.
#[derive(Deserialize)]
pub(crate) struct Decision {
    request: String,
    who: String,
    decision: String,
}

/// `GET /api/v1/authorize`: an app sends somebody here. Who is not signed in does so first, and who has
/// to choose a school chooses; then they are asked.
pub(crate) async fn ask(
    State(app): State<App>,
    cookies: Cookies,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let asked = match Asked::of(&app, &query) {
        Ok(asked) => asked,
        Err(NotAsked::Page(problem)) => return problem.into_response(),
        Err(NotAsked::Told(refused)) => return refused.lead(&app),
    };
    match signed_in(&app, &cookies).await {
        Err(problem) => problem.into_response(),
        Ok(None) => {
            // The cookie is to be there when ЕСИА leads back.
            let path = format!("{AUTHORIZE}?{}", asked.query);
            let led = query.ends_with("&led=1");
            match esia::elsewhere(&app, &headers, &path, None).filter(|_| !led) {
                Some(redirect) => redirect,
                None => (cookies.set_asked_by_app(&asked.query), Redirect::to("/")).into_response(),
            }
        }
        Ok(Some((_, session))) if session.must_choose() => {
            (cookies.set_asked_by_app(&asked.query), Redirect::to("/school")).into_response()
        }
        Ok(Some((_, session))) => page(&app, &cookies, &session, asked).await,
    }
}

/// `POST /authorize`: what the person decided.
pub(crate) async fn decide(
    State(app): State<App>,
    cookies: Cookies,
    form: Result<Form<Decision>, FormRejection>,
) -> Response {
    let Ok(Form(Decision { request, who, decision })) = form else {
        return Problem::form().into_response();
    };
    let asked = match Asked::of(&app, &request) {
        Ok(asked) => asked,
        Err(NotAsked::Page(problem)) => return problem.into_response(),
        Err(NotAsked::Told(_)) => return Problem::form().into_response(),
    };
    let answered = cookies.clear_asked_by_app();
    if decision != "allow" {
        let refused = Refused {
            redirect_uri: asked.request.redirect_uri,
            state: asked.state,
            error: "access_denied",
            why: "the person did not agree".into(),
        };
        return (answered, refused.lead(&app)).into_response();
    }
    let again = Redirect::to(&format!("{AUTHORIZE}?{}", asked.query));
    let token = match signed_in(&app, &cookies).await {
        Err(problem) => return problem.into_response(),
        // Somebody else signed in meanwhile, or chose another school: they have not agreed.
        Ok(Some((token, session))) if who_is(&session) == who => token,
        Ok(_) => return again.into_response(),
    };
    let redirect_uri = asked.request.redirect_uri.clone();
    match app.store().grant_app(&token, asked.request).await {
        Ok(code) => {
            let code = code.to_text();
            let led = lead(&app, &redirect_uri, asked.state.as_deref(), &[("code", &code)]);
            (answered, led).into_response()
        }
        Err(AppGrantError::Store(error) | AppGrantError::Session(SessionError::Store(error))) => {
            Problem::of_store(&error).into_response()
        }
        Err(_) => again.into_response(),
    }
}

/// Who is signed in in this browser, with what opens the session. What an app holds opens none here.
async fn signed_in(app: &App, cookies: &Cookies) -> Result<Option<(String, Session)>, Problem> {
    let Some(token) = cookies.session.clone() else { return Ok(None) };
    match app.store().session(&token).await {
        Ok(session) => Ok(Some((token, session)).filter(|(_, session)| session.app.is_none())),
        Err(SessionError::Store(error)) => Err(Problem::of_store(&error)),
        Err(_) => Ok(None),
    }
}

async fn page(app: &App, cookies: &Cookies, session: &Session, asked: Asked) -> Response {
    let overview = match app.store().overview(session).await {
        Ok(overview) => overview,
        Err(error) => return Problem::of_store(&error).into_response(),
    };
    let schools = views(overview.into_iter().filter(|school| school.is_open));
    let target = target(&asked.request.redirect_uri);
    let policy = target.map(|target| guard::content_policy(app, &target));
    let kept = match session.choose {
        true => cookies.set_asked_by_app(&asked.query),
        false => cookies.clear_asked_by_app(),
    };
    let page = Page {
        frame: Frame::of(app, "Доступ для приложения"),
        app: asked.request.client,
        device: asked.request.device.map(String::from),
        name: schools.first().map(|school| school.holder.clone()).unwrap_or_default(),
        schools: schools.into_iter().map(|school| school.name).collect(),
        may_switch: session.choose,
        request: asked.query,
        who: who_is(session),
    };
    let policy = policy.map(|policy| [(header::CONTENT_SECURITY_POLICY, policy)]);
    (kept, policy, render(StatusCode::OK, &page)).into_response()
}

/// Who is asked: the person, and in which school where one was chosen.
fn who_is(session: &Session) -> String {
    match session.chosen.filter(|_| session.choose) {
        Some(account) => format!("{}/{account}", session.person),
        None => session.person.to_string(),
    }
}
