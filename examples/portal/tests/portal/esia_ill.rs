//! A real ЕСИА by its settings file, in bad health: down, slow, answering with a page.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use eschool_esia::{
    ambient::Ambient,
    emulator::{EmulatorKeys, TokenKeyPair},
};
use portal::{
    esia::{Esia, EsiaChoice},
    start::StartError,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{
    client::Browser,
    house::{Folder, House},
};

/// The name under which people open the portal, by the settings.
const HOST: &str = "127.0.0.1:4443";

/// The settings file of the example for an ЕСИА at this port, with keys beside it.
fn settings(folder: &Folder, port: u16) -> PathBuf {
    let folder = folder.path().join("esia");
    EmulatorKeys::provide(&folder, &Ambient::system()).unwrap();
    let pem = TokenKeyPair::generate().unwrap().public_key_pem().to_owned();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("esia.example.json");
    let mut file: Value = serde_json::from_str(&fs::read_to_string(example).unwrap()).unwrap();
    let client = file.get_mut("client").unwrap();
    client["redirectUri"] = format!("http://{HOST}/esia/callback").into();
    for endpoint in client["endpoints"].as_object_mut().unwrap().values_mut() {
        let here = format!("http://127.0.0.1:{port}");
        *endpoint = endpoint.as_str().unwrap().replace("https://esia.gosuslugi.ru", &here).into();
    }
    for key in client["tokenKeys"].as_array_mut().unwrap() {
        key["pem"] = pem.clone().into();
    }
    client["timeoutSeconds"] = 1.into();
    let path = folder.join("esia.json");
    fs::write(&path, file.to_string()).unwrap();
    path
}

/// A server that reads and then says this, or nothing for ever; its port.
async fn server(answer: Option<&'static str>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 16 * 1024]).await;
                match answer {
                    Some(text) => drop(stream.write_all(text.as_bytes()).await),
                    None => tokio::time::sleep(Duration::from_secs(60)).await,
                }
            });
        }
    });
    port
}

/// Comes back from ЕСИА with a code, as a browser that left for it.
async fn come_back(portal: &mut Browser) -> (u16, String) {
    let away = portal.get("/esia").await;
    assert_eq!(away.status, 303, "{}", away.text());
    let location = away.header("location").unwrap().to_owned();
    let state = location.split(['?', '&']).find_map(|pair| pair.strip_prefix("state=")).unwrap();
    let reply = portal.get(&format!("/esia/callback?code=abc&state={state}")).await;
    assert!(!portal.cookies.contains_key("eschool_session"));
    (reply.status, reply.text())
}

#[tokio::test]
async fn an_ill_esia_is_told_and_passwords_go_on() {
    let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>";
    let fault = "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>";
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let mut codes = Vec::new();
    for port in [closed, server(None).await, server(Some(html)).await, server(Some(fault)).await] {
        let folder = Folder::new();
        let choice = EsiaChoice { settings: Some(settings(&folder, port)), people: None };
        let house = House::with_school_and_esia(&folder, choice).await;
        let (cards, _) = house.cards("5А").await;
        let mut portal = house.browser();
        portal.host = HOST.into();
        let waiting = tokio::spawn(async move { come_back(&mut portal).await });
        let mut pupil = house.signed_in(&cards[0]).await;
        assert_eq!(pupil.get("/week").await.status, 200, "nobody waits for ЕСИА who needs it not");
        let (status, text) = waiting.await.unwrap();
        assert_eq!(status, 503, "{text}");
        let (_, code) = text.split_once("Код для школы и поддержки: ").unwrap();
        codes.push(code.split([',', ' ']).next().unwrap().to_owned());
    }
    insta::assert_debug_snapshot!(codes);
}

/// The settings file of the example for a gateway that describes itself without a way out.
async fn gateway_without_way_out(folder: &Folder) -> PathBuf {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let described = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "keys": [{"kty": "RSA", "use": "sig", "kid": "one", "n": "3Q", "e": "AQAB"}],
    });
    let body = described.to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
    let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 16 * 1024]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("esia-gateway.example.json");
    let mut file: Value = serde_json::from_str(&fs::read_to_string(example).unwrap()).unwrap();
    let gateway = file.get_mut("gateway").unwrap();
    gateway["issuer"] = issuer.into();
    gateway["redirectUri"] = format!("http://{HOST}/esia/callback").into();
    let path = folder.path().join("gateway.json");
    fs::write(&path, file.to_string()).unwrap();
    path
}

#[tokio::test]
async fn who_cannot_be_led_out_of_a_gateway_is_told_until_somebody_is() {
    let folder = Folder::new();
    let choice =
        EsiaChoice { settings: Some(gateway_without_way_out(&folder).await), people: None };
    let house = House::with_school_and_esia(&folder, choice).await;
    let (cards, _) = house.cards("5А").await;
    let mut browser = house.browser();
    browser.host = HOST.into();
    let away = browser.get("/esia").await;
    assert!(away.header("location").is_some_and(|to| to.contains("/auth?")), "{}", away.text());

    browser.cookies.insert("eschool_at_esia".into(), "1".into());
    for (then, on) in [("again", "/esia"), ("invitation", "/invitation"), ("", "/")] {
        let page = browser.get(&format!("/esia/leave?then={then}")).await;
        let text = page.text();
        assert_eq!(page.status, 200, "{text}");
        assert!(text.contains("выйдите на том портале или закройте браузер"), "{text}");
        assert!(!text.contains("из дневника"), "nobody was in it: {text}");
        assert!(page.body.contains(&format!("href=\"{on}\">В")), "{then}: {}", page.body);
        assert!(browser.cookies.contains_key("eschool_at_esia"), "{then}");
    }
    let fields = [("login", cards[0].login.as_str()), ("password", cards[0].password.as_str())];
    for _ in 0..2 {
        assert_eq!(browser.post_form("/sign-in", &fields).await.status, 303);
        let left = browser.post_form("/sign-out", &[]).await;
        assert_eq!((left.status, left.header("location")), (303, Some("/?why=left_here")));
        assert!(!browser.cookies.contains_key("eschool_session"));
    }
}

#[tokio::test]
async fn without_esia_only_invented_people_are_served() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let loopback = "127.0.0.1:80".parse().unwrap();
    let missing = Esia::open(&house.installation, &EsiaChoice::default(), loopback).await;
    assert!(matches!(missing, Err(StartError::EsiaMissing)), "{missing:?}");

    let people = crate::house::school().join("esia_people.csv");
    let invented = EsiaChoice { settings: None, people: Some(people) };
    for exposed in ["0.0.0.0:80", "192.168.0.7:80", "[::]:80"] {
        let open = Esia::open(&house.installation, &invented, exposed.parse().unwrap()).await;
        assert!(matches!(open, Err(StartError::EmulatorExposed(_))), "{exposed} {open:?}");
    }
    let other =
        EsiaChoice { settings: None, people: Some(crate::house::school().join("bells.csv")) };
    let other = Esia::open(&house.installation, &other, loopback).await;
    assert!(matches!(other, Err(StartError::EsiaPeople { .. })), "{other:?}");
}

#[tokio::test]
async fn settings_are_refused_by_what_is_wrong() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let sound = settings(&folder, 9);
    let text = fs::read_to_string(&sound).unwrap();
    for (from, to, named) in [
        ("client-key.pem", "nowhere.pem", "nowhere.pem"),
        ("/esia/callback", "/elsewhere", "redirectUri"),
        ("\"timeoutSeconds\"", "\"timeoutMinutes\"", "timeoutMinutes"),
        ("\"timeoutSeconds\"", "\"deadlineSeconds\":19,\"timeoutSeconds\"", "deadlineSeconds"),
        ("{", "", "line 1"),
    ] {
        let wrong = sound.with_file_name("wrong.json");
        fs::write(&wrong, text.replacen(from, to, 1)).unwrap();
        let choice = EsiaChoice { settings: Some(wrong), people: None };
        let refused = Esia::open(&house.installation, &choice, "0.0.0.0:80".parse().unwrap()).await;
        match refused {
            Err(error @ StartError::EsiaSettings { .. }) => {
                assert!(error.to_string().contains(named), "{named}: {error}");
            }
            other => panic!("{named}: {other:?}"),
        }
    }
    let choice = EsiaChoice { settings: Some(sound), people: None };
    Esia::open(&house.installation, &choice, "0.0.0.0:80".parse().unwrap()).await.unwrap();
}
