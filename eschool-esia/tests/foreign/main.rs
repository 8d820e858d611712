//! A client that others wrote signs in at the emulator, unchanged: esia-connector of PyPI, which
//! speaks ЕСИА's old interface and signs with the `openssl` of the machine.
//!
//! `cargo xtask test` installs it and names its Python in `ESCHOOL_FOREIGN_PYTHON`.

#![cfg(feature = "emulator")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails the test")]

use std::{env, path::Path, process::Command};

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
    let token_key = folder.path().join("token-public-key.pem");
    std::fs::write(&token_key, emulator.token_public_key_pem()).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, emulator.router()).into_future());

    let mut signs_in = Command::new(python);
    signs_in.arg(tests.join("foreign").join("sign_in.py")).arg(base);
    signs_in.args([&key, &token_key]).arg(person.oid.to_string());
    let said = tokio::task::spawn_blocking(move || signs_in.output()).await.unwrap().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));

    let told: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(told["oid"], person.oid);
    assert_eq!(told["person"]["lastName"], person.name.family());
    assert_eq!(told["person"]["trusted"], true);
    assert_eq!(told["contacts"]["elements"][0]["type"], "MBT");
}
