//! A client that others wrote signs in at the emulator, unchanged: esia-connector of PyPI, which
//! speaks ЕСИА's old interface and signs with the `openssl` of the machine.
//!
//! `cargo xtask test` installs it and names its Python in `ESCHOOL_FOREIGN_PYTHON`.

#![cfg(feature = "emulator")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

use std::{
    env,
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use eschool_esia::{
    ambient::Ambient,
    certificate::Certificate,
    emulator::{
        ClientSystem, Emulator, EmulatorSettings, Interface, SAMPLE_PEOPLE, TokenKeyPair,
        read_people,
    },
};
use serde_json::Value;

/// The issuer of production: esia-connector knows no other.
const ISSUER: &str = "http://esia.gosuslugi.ru/";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs esia-connector of PyPI: cargo xtask test --only foreign"]
async fn esia_connector_signs_somebody_in() {
    let python = env::var("ESCHOOL_FOREIGN_PYTHON").unwrap_or_else(|_| "python3".into());
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let key = tests.join("keys").join("rsa.pem");

    let people = read_people(SAMPLE_PEOPLE).unwrap();
    let person = people[0].clone();
    let certificate = Certificate::from_pem(&std::fs::read_to_string(&key).unwrap()).unwrap();
    let mut client = ClientSystem::new("FOREIGN", certificate, ["127.0.0.1"]);
    client.interfaces = vec![Interface::Legacy];
    let token_key = TokenKeyPair::generate().unwrap();
    let mut settings = EmulatorSettings::new(people, vec![client], token_key, Ambient::system());
    settings.issuer = ISSUER.into();
    let emulator = Emulator::new(settings);

    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, pem: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, pem).unwrap();
        path
    };
    let own = write("own.pem", &emulator.token_public_key_pem());
    let foreign = write("foreign.pem", TokenKeyPair::generate().unwrap().public_key_pem());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, emulator.router()).into_future());

    let oid = person.oid.to_string();
    let sign_in = async |token_key: &Path| {
        let mut signs_in = Command::new(&python);
        signs_in.arg(tests.join("foreign").join("sign_in.py")).arg(&base);
        signs_in.args([key.as_path(), token_key]).arg(&oid);
        signs_in.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
        tokio::task::spawn_blocking(move || said(signs_in)).await.unwrap()
    };
    let said = sign_in(&own).await;
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    // it is the token's signature that convinces it
    let fooled = sign_in(&foreign).await;
    let complaint = String::from_utf8_lossy(&fooled.stderr);
    assert!(!fooled.status.success() && complaint.contains("Signature"), "{complaint}");

    let told: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(told["oid"], person.oid);
    assert_eq!(told["person"]["lastName"], person.name.family());
    assert_eq!(told["person"]["trusted"], true);
    assert_eq!(told["contacts"]["elements"][0]["type"], "MBT");
}

/// How long a sign-in may take.
const LONGEST: Duration = Duration::from_secs(120);

/// What a program said, which ends in time.
fn said(mut program: Command) -> Output {
    let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > LONGEST {
            child.kill().unwrap();
            panic!("it took longer than {LONGEST:?}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.wait_with_output().unwrap()
}
