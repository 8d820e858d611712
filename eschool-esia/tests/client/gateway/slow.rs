//! A gateway that does not answer when it is asked to describe itself.

use std::time::{Duration, Instant};

use eschool_core::error::CodedError as _;
use tokio::time::timeout;

use super::{
    Ambient, Arc, AtomicBool, CLIENT, ClientSecret, ESIA_KEY, EsiaClient, Gateway, GatewaySettings,
    Mutex, Ordering, Reply, SECRET, Seen, Server, TimeDelta, json, now,
};

/// A gateway that hangs while it is told to.
async fn gateway(hangs: &Arc<AtomicBool>) -> Server {
    let hangs = Arc::clone(hangs);
    Server::run(move |request: &Seen| {
        let base = format!("http://{}", request.headers["host"]);
        match request.target.as_str() {
            _ if hangs.load(Ordering::Relaxed) => Reply::Hang,
            "/jwks" => Reply::json(200, json!({"keys": [ESIA_KEY.jwk("one")]})),
            _ => Reply::json(200, Gateway::good().discovery.to_string().replace('@', &base)),
        }
    })
    .await
}

fn client(server: &Server, change: fn(&mut GatewaySettings), ambient: Ambient) -> EsiaClient {
    let issuer = server.base.as_str().trim_end_matches('/');
    let redirect = "https://school.example.ru/esia".parse().unwrap();
    let secret = ClientSecret::new(SECRET);
    let mut settings = GatewaySettings::new(issuer, CLIENT, secret, redirect);
    change(&mut settings);
    EsiaClient::gateway(settings, ambient).unwrap()
}

/// A clock on which ten seconds go by in each.
fn hurried() -> Ambient {
    let begun = Instant::now();
    let clock = move || now() + TimeDelta::from_std(begun.elapsed() * 10).unwrap();
    Ambient::system().with_clock(Arc::new(clock))
}

#[tokio::test]
async fn the_failure_of_a_gateway_that_hangs_is_remembered_from_when_it_was_known() {
    let server = gateway(&Arc::new(AtomicBool::new(true))).await;
    let client = client(&server, |settings| settings.timeout_seconds = 1, hurried());
    for _ in 0..2 {
        assert_eq!(client.start().await.unwrap_err().code(), "esia_timed_out");
    }
    assert_eq!(server.seen("/.well-known").len(), 1, "the second does not wait for the same");
}

#[tokio::test]
async fn a_gateway_that_takes_longer_than_a_sign_in_may_has_failed_too() {
    let server = gateway(&Arc::new(AtomicBool::new(true))).await;
    let client = client(&server, |settings| settings.deadline_seconds = 1, hurried());
    for _ in 0..2 {
        assert_eq!(client.start().await.unwrap_err().code(), "esia_deadline_exceeded");
    }
    assert_eq!(server.seen("/.well-known").len(), 1, "the second does not wait for the same");
}

/// Else whoever opens the page and closes it at once would keep everybody out.
#[tokio::test]
async fn whoever_goes_away_at_once_says_nothing_of_the_gateway() {
    let hangs = Arc::new(AtomicBool::new(true));
    let server = gateway(&hangs).await;
    let client = client(&server, |_| (), Ambient::system().with_clock(Arc::new(now)));
    timeout(Duration::from_secs(1), client.start()).await.unwrap_err();
    assert_eq!(server.seen("/.well-known").len(), 1);
    hangs.store(false, Ordering::Relaxed);
    client.start().await.unwrap();
}

#[tokio::test]
async fn one_asks_a_gateway_anew_while_the_others_go_by_what_it_said() {
    let hangs = Arc::new(AtomicBool::new(false));
    let server = gateway(&hangs).await;
    let clock = Arc::new(Mutex::new(now()));
    let hands = Arc::clone(&clock);
    let ambient = Ambient::system().with_clock(Arc::new(move || *hands.lock().unwrap()));
    let client = client(&server, |settings| settings.timeout_seconds = 2, ambient);
    client.start().await.unwrap();
    hangs.store(true, Ordering::Relaxed);
    for (hours, waits) in [(1, false), (23, false), (24, true)] {
        *clock.lock().unwrap() = now() + TimeDelta::hours(hours);
        let other_first = tokio::select! {
            biased;
            asking = client.start() => { asking.unwrap(); false }
            other = client.start() => { other.unwrap(); true }
        };
        assert_eq!(!other_first, waits, "after {hours} hours");
    }
}
