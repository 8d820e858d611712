//! The program signs somebody in at the emulator, as a browser would see it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

use std::{
    io,
    net::TcpListener,
    path::Path,
    process::{Child, Command},
    time::Duration,
};

use eschool_esia::{
    ambient::Ambient,
    emulator::{
        ClientSystem, Emulator, EmulatorKeys, EmulatorSettings, SAMPLE_PEOPLE, read_people,
    },
};
use reqwest::{Client, Response, header, redirect::Policy};

/// Ended with the test, whatever becomes of it.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An address that was free a moment ago.
fn free_address() -> io::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// The emulator at a free port, with its keys in this folder; its address.
async fn emulator(folder: &Path) -> String {
    let ambient = Ambient::system();
    let keys = EmulatorKeys::provide(folder, &ambient).unwrap();
    let client = ClientSystem::new("TEST", keys.client_certificate, ["127.0.0.1"]);
    let people = read_people(SAMPLE_PEOPLE).unwrap();
    let settings = EmulatorSettings::new(people, vec![client], keys.token_key, ambient);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = axum::serve(listener, Emulator::new(settings).router());
    tokio::spawn(served.into_future());
    format!("http://{address}")
}

fn location(answer: &Response) -> String {
    answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

fn cookie(answer: &Response) -> String {
    let line = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    line.split(';').next().unwrap().to_owned()
}

async fn started(browser: &Client, address: &str) -> Response {
    for _ in 0..100 {
        if let Ok(answer) = browser.get(format!("http://{address}/")).send().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the program does not answer");
}

#[tokio::test]
async fn somebody_signs_in_and_is_greeted() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = emulator(folder.path()).await;
    let address = free_address().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_esia-sign-in"));
    program.arg(folder.path()).args([&emulator, &address]);
    let _program = Program(program.spawn().unwrap());

    let browser = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let start = started(&browser, &address).await;
    let kept = cookie(&start);
    // ЕСИА shows whom one can be, and somebody says who they are.
    let choice = browser.get(location(&start)).send().await.unwrap();
    let choose = browser.post(format!("{emulator}{}", location(&choice)));
    let kind = (header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let chosen = choose.header(kind.0, kind.1).body("person=1000000001").send().await.unwrap();
    let back = browser.get(location(&chosen)).header(header::COOKIE, &kept);
    let greeting = back.send().await.unwrap();
    assert_eq!(greeting.status(), 200);
    assert!(cookie(&greeting).ends_with('='), "the attempt is forgotten");
    let name = read_people(SAMPLE_PEOPLE).unwrap()[0].name.given().to_owned();
    assert_eq!(greeting.text().await.unwrap(), format!("Здравствуйте, {name}!"));

    // The same address once more, and without the cookie: the code is used, the attempt unknown.
    let again = browser.get(location(&chosen)).header(header::COOKIE, kept).send().await.unwrap();
    assert_eq!(again.status(), 400);
    assert!(cookie(&again).ends_with('='), "the attempt is forgotten");
    let told = again.text().await.unwrap();
    assert!(told.contains("esia_refused") && told.contains("ESIA-007011"), "{told}");
    let stranger = browser.get(location(&chosen)).send().await.unwrap();
    assert_eq!(stranger.status(), 400);
    let told = stranger.text().await.unwrap();
    assert!(told.contains("esia_attempt_missing"), "{told}");
}
