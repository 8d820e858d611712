//! A machine whose clock is wrong.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use eschool_core::error::CodedError as _;
use eschool_esia::client::{Callback, Endpoints};
use tracing::Level;

use crate::{
    log::Log,
    scene::{Scene, client_by, merge, now, settings},
    server::{Reply, Server},
};

const CORRECTED: &str = "the clock of this machine is corrected by that of ЕСИА";

/// ЕСИА's clock is seven minutes ahead, so its tokens come from the future.
fn ahead() -> Scene {
    let mut scene = Scene::good();
    for plan in [&mut scene.id, &mut scene.access] {
        let at = (now() + TimeDelta::minutes(7)).timestamp();
        merge(&mut plan.claims, serde_json::json!({"iat": at, "nbf": at}));
    }
    scene.date = Some("Thu, 15 Jan 2026 09:07:00 GMT");
    scene
}

#[tokio::test]
async fn tokens_are_judged_by_the_clock_of_esia_only_where_that_is_set() {
    let error = ahead().play().await.result.unwrap_err();
    assert_eq!(error.code(), "esia_token_issued_in_future");

    let log = Log::open();
    let mut scene = ahead();
    scene.settings = Box::new(|settings| settings.correct_clock = true);
    scene.play().await.result.unwrap();
    assert_eq!(log.count(Level::WARN, CORRECTED), 1, "{}", log.text());
}

#[tokio::test]
async fn a_clock_that_is_hours_wrong_is_not_corrected() {
    let log = Log::open();
    let mut scene = ahead();
    scene.date = Some("Thu, 15 Jan 2026 10:00:01 GMT");
    scene.settings = Box::new(|settings| settings.correct_clock = true);
    assert_eq!(scene.play().await.result.unwrap_err().code(), "esia_token_issued_in_future");
    assert_eq!(log.count(Level::ERROR, "set it"), 1, "{}", log.text());
}

#[tokio::test]
async fn after_esia_refused_the_time_the_next_request_has_the_right_one() {
    for (corrects, expected) in
        [(true, "2026.01.15 11:53:00 +0300"), (false, "2026.01.15 12:00:00 +0300")]
    {
        let server =
            Server::run(|_| Reply::json(405, "").with("Date: Thu, 15 Jan 2026 08:53:00 GMT")).await;
        let mut settings = settings(Endpoints::at(&server.base));
        settings.correct_clock = corrects;
        let client = client_by(Arc::new(now), settings).unwrap();
        let started = client.start().await.unwrap();
        let state = started.attempt.state();
        let refused = format!("error=invalid_request&error_description=ESIA-007015&state={state}");
        let error =
            client.finish(&started.attempt, &Callback::parse(&refused).unwrap()).await.unwrap_err();
        assert_eq!(error.to_string(), "esia refused the request: ESIA-007015");
        let asked = server.seen("/");
        assert_eq!(asked.len(), usize::from(corrects));
        assert!(asked.iter().all(|request| request.method == "HEAD" && request.form.is_empty()));

        client.finish(&started.attempt, &Callback::parse(&refused).unwrap()).await.unwrap_err();
        assert_eq!(server.seen("/").len(), asked.len(), "once a minute is enough");

        let next = client.start().await.unwrap();
        let timestamp = next.url.query_pairs().find(|(name, _)| name == "timestamp").unwrap().1;
        assert_eq!(timestamp, expected);
    }
}

#[tokio::test]
async fn the_time_is_learnt_from_a_slow_answer_too() {
    let server = Server::run(|_| {
        let answer = Reply::json(405, "").with("Date: Thu, 15 Jan 2026 08:53:00 GMT");
        Reply::Late(Duration::from_secs(2), Box::new(answer))
    })
    .await;
    let mut settings = settings(Endpoints::at(&server.base));
    (settings.correct_clock, settings.timeout_seconds) = (true, 10);
    let client = client_by(Arc::new(now), settings).unwrap();
    let started = client.start().await.unwrap();
    let state = started.attempt.state();
    let refused = format!("error=invalid_request&error_description=ESIA-007015&state={state}");
    let callback = Callback::parse(&refused).unwrap();
    let error = client.finish(&started.attempt, &callback).await.unwrap_err();
    assert_eq!(error.to_string(), "esia refused the request: ESIA-007015");
    let next = client.start().await.unwrap();
    let timestamp = next.url.query_pairs().find(|(name, _)| name == "timestamp").unwrap().1;
    assert_eq!(timestamp, "2026.01.15 11:53:00 +0300");
}
