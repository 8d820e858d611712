//! How many sign-ins are under way, and for how long.

use std::{sync::Arc, time::Duration};

use eschool_core::{error::CodedError as _, signin::RefusalCode};
use eschool_esia::{
    ambient::Ambient,
    certificate::Certificate,
    client::{Callback, Endpoints, EsiaClient, Started},
    signer::{RequestSignature, SignatureForm, Signer, SignerError},
};
use tokio::time::timeout;

use crate::{
    scene::{CERTIFICATE, CODE, client, settings},
    server::{Reply, Server},
};

fn back(started: &Started, with: &str) -> Callback {
    Callback::parse(&format!("{with}&state={}", started.attempt.state())).unwrap()
}

#[tokio::test]
async fn more_sign_ins_than_the_settings_allow_are_told_to_wait() {
    let server = Server::run(|_| Reply::Hang).await;
    let mut settings = settings(Endpoints::at(&server.base));
    (settings.max_under_way, settings.deadline_seconds) = (1, 3);
    let client = client(settings);
    let (one, other) = (client.start().await.unwrap(), client.start().await.unwrap());
    let code = format!("code={CODE}");
    let (code_of_one, code_of_other) = (back(&one, &code), back(&other, &code));
    let refused = back(&other, "error=access_denied");
    let (hanging, finished, started, declined) = tokio::join!(
        client.finish(&one.attempt, &code_of_one),
        client.finish(&other.attempt, &code_of_other),
        client.start(),
        client.finish(&other.attempt, &refused),
    );
    assert_eq!(hanging.unwrap_err().code(), "esia_deadline_exceeded");
    for busy in [finished.unwrap_err(), started.unwrap_err()] {
        assert_eq!((busy.code(), busy.refusal()), ("esia_busy", RefusalCode::Busy));
    }
    assert_eq!(declined.unwrap_err().code(), "esia_denied", "nothing is asked for it");
    assert_eq!(server.seen("/").len(), 1, "the code of the other is kept for another time");
    client.start().await.unwrap();
}

#[tokio::test]
async fn whoever_comes_waits_a_moment_for_the_others() {
    let server = Server::run(|_| {
        std::thread::sleep(Duration::from_millis(300));
        Reply::json(500, "")
    })
    .await;
    let mut settings = settings(Endpoints::at(&server.base));
    settings.max_under_way = 1;
    let client = client(settings);
    let started = client.start().await.unwrap();
    let callback = back(&started, &format!("code={CODE}"));
    let (_, next) = tokio::join!(client.finish(&started.attempt, &callback), client.start());
    next.unwrap();
}

#[tokio::test]
async fn a_signer_that_hangs_is_not_waited_for() {
    struct Hanging;
    #[async_trait::async_trait]
    impl Signer for Hanging {
        async fn sign(&self, _: &[u8]) -> Result<RequestSignature, SignerError> {
            std::future::pending().await
        }

        fn form(&self) -> SignatureForm {
            SignatureForm::Raw
        }

        fn certificate(&self) -> &Certificate {
            &CERTIFICATE
        }
    }
    let mut settings = settings(Endpoints::production());
    settings.deadline_seconds = 1;
    let client = EsiaClient::new(settings, Arc::new(Hanging), Ambient::system()).unwrap();
    let started = timeout(Duration::from_secs(30), client.start()).await.unwrap();
    assert_eq!(started.unwrap_err().code(), "signer_timed_out");
}

#[tokio::test]
async fn a_sign_in_can_move_between_threads() {
    fn moves<T: Send>(_: T) {}
    let client = client(settings(Endpoints::production()));
    let started = client.start().await.unwrap();
    let callback = back(&started, "error=access_denied");
    moves(client.start());
    moves(client.finish(&started.attempt, &callback));
}
