//! Injected faults, between a client's system and the endpoint it calls.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::date;
use crate::emulator::{
    Emulator,
    inject::{Broken, FaultyEndpoint, InjectedFault, overloaded, page},
};

/// Lets a request meet what was ordered for it.
pub(super) async fn meet(
    State(emulator): State<Emulator>,
    request: Request,
    next: Next,
) -> Response {
    let Some(endpoint) = FaultyEndpoint::of_path(request.uri().path()) else {
        return next.run(request).await;
    };
    let met = emulator.meet(endpoint);
    if met.wait > 0 {
        tokio::time::sleep(Duration::from_secs(met.wait.into())).await;
    }
    let answer = async {
        let mut response = match met.instead {
            Some(InjectedFault::Down) => Broken.into_response(),
            Some(InjectedFault::Html(status)) => page(status),
            Some(_) => overloaded(),
            None => next.run(request).await,
        };
        if let Ok(date) = date(emulator.told_now()) {
            response.headers_mut().insert(header::DATE, date);
        }
        response
    };
    met.twist.over(answer).await
}
