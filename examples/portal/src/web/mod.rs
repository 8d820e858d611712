//! Routes, and what every answer has in common.
//!
//! * `pages`: what people see; `assets`: the style sheet, the script and the icon; `package`: what the
//!   script checks with.
//! * `api`: the same diaries as JSON.
//! * `native`: how an app is let in.
//! * `cookies`, `signed`: who is there. `guard`: limits, headers, cross-site requests, the log.
//! * `problem`: what went wrong, as a page.

mod api;
mod assets;
mod cookies;
mod guard;
mod native;
mod package;
mod pages;
mod problem;
mod signed;

use std::{net::IpAddr, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::Uri,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use eschool_store::{Store, ambient::Ambient};
pub use package::Package;

use crate::{
    apps::Apps,
    esia::{CALLBACK, Esia},
    start::{Database, Installation},
};

/// The longest body of a request, in bytes.
const LONGEST_BODY: usize = 16 * 1024;

/// What every handler works with; cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

struct Shared {
    store: Store<Database>,
    esia: Esia,
    apps: Apps,
    package: Option<Package>,
    ambient: Ambient,
    zone: Tz,
}

impl App {
    fn store(&self) -> &Store<Database> {
        &self.0.store
    }

    fn esia(&self) -> &Esia {
        &self.0.esia
    }

    fn apps(&self) -> &Apps {
        &self.0.apps
    }

    /// What forms check with while people type, where it is there.
    fn package(&self) -> Option<&Package> {
        self.0.package.as_ref()
    }

    /// Whose time it is where nobody is signed in.
    fn zone(&self) -> Tz {
        self.0.zone
    }

    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.ambient.now()
    }

    fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.zone()).date_naive()
    }
}

/// Where a request comes from: the address of the connection's other end. Behind a proxy that is
/// the proxy; no header is believed.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Every route of the portal, over an installation, its way to ЕСИА, the apps that may ask to be let in
/// (where ЕСИА is an emulator, the example programs too), and the package that forms check with.
pub fn router(
    installation: &Installation,
    esia: Esia,
    apps: Apps,
    package: Option<Package>,
) -> Router {
    let apps = if esia.emulator().is_some() { apps.with_examples() } else { apps };
    let app = App(Arc::new(Shared {
        store: installation.store.clone(),
        esia,
        apps,
        package,
        ambient: installation.ambient.clone(),
        zone: installation.zone,
    }));
    let content_policy = guard::content_policy(&app, app.esia().origins());
    Router::new()
        .route("/", get(pages::door::show))
        .route("/sign-in", post(pages::sign_in::submit))
        .route("/sign-out", post(pages::sign_out::submit))
        .route("/esia", get(pages::esia::start))
        .route(CALLBACK, get(pages::esia::finish))
        .route("/esia/leave", get(pages::esia::leave))
        .route("/invitation", get(pages::invitation::show).post(pages::invitation::accept))
        .route("/invitation/{token}", get(pages::invitation::open))
        .route("/authorize", post(native::consent::decide))
        .route("/devices", get(pages::devices::show).post(pages::devices::revoke))
        .route("/home", get(pages::home::lead))
        .route("/children", get(pages::home::children))
        .route("/school", get(pages::school::show).post(pages::school::choose))
        .route("/forgotten", get(pages::door::forgotten))
        .route("/week", get(pages::week::show))
        .route("/term", get(pages::term::show))
        .route("/healthz", get(health))
        .route("/assets/{name}", get(assets::serve))
        .route("/assets/package/{version}/{*name}", get(assets::serve_package))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .nest("/api/v1", api::router())
        .fallback(not_found)
        .layer(from_fn(guard::refuse_cross_site))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn(guard::finish_in_time))
        .layer(from_fn_with_state(app.clone(), problem::lay_out))
        .layer(from_fn_with_state(content_policy, guard::add_headers))
        .layer(from_fn(guard::log))
        .with_state(app)
}

/// Nothing is here: told as JSON to who asks the API, as a page elsewhere.
async fn not_found(uri: Uri) -> Response {
    if is_api(&uri) {
        api::not_found().await.into_response()
    } else {
        problem::Problem::not_found().into_response()
    }
}

/// Whether an address is the API's, so that every answer is JSON.
fn is_api(uri: &Uri) -> bool {
    uri.path() == "/api" || uri.path().starts_with("/api/")
}

/// Whether the portal can read its database.
async fn health(axum::extract::State(app): axum::extract::State<App>) -> Response {
    match app.store().schools().await {
        Ok(_) => "ok".into_response(),
        Err(error) => problem::Problem::of_store(&error).into_response(),
    }
}
